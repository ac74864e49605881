"use client";

import { useFormStatus } from "react-dom";

/**
 * The button of a form: while the form is on its way it says what is happening and cannot be pressed twice. Where a form
 * has several, `name` and `value` tell which one was pressed.
 */
export function SubmitButton({
  children,
  pending,
  look = "btn-primary",
  name,
  value,
}: {
  children: React.ReactNode;
  pending: string;
  look?: string;
  name?: string;
  value?: string;
}) {
  const status = useFormStatus();
  const pressed = status.pending && (name === undefined || status.data.get(name) === value);
  return (
    <button
      className={`btn ${look}`}
      type="submit"
      name={name}
      value={value}
      aria-disabled={status.pending || undefined}
      onClick={(event) => status.pending && event.preventDefault()}
    >
      {pressed ? pending : children}
    </button>
  );
}
