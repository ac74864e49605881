"use client";

import { useFormStatus } from "react-dom";

/** The button of a form: while the form is on its way it says what is happening and cannot be pressed twice. */
export function SubmitButton({
  children,
  pending,
  look = "btn-primary",
}: {
  children: React.ReactNode;
  pending: string;
  look?: string;
}) {
  const status = useFormStatus();
  return (
    <button
      className={`btn ${look}`}
      type="submit"
      aria-disabled={status.pending || undefined}
      onClick={(event) => status.pending && event.preventDefault()}
    >
      {status.pending ? pending : children}
    </button>
  );
}
