import { OctagonAlert } from "lucide-react";

/** Label, hint, error, box, in that order; the box names its hint and error for a screen reader. */
export function Field({
  name,
  label,
  hint,
  error,
  size = "lg",
  id = name,
  ...input
}: {
  name: string;
  /** Where a page has several fields of one name. */
  id?: string;
  label: string;
  hint?: string | undefined;
  error?: string | undefined;
  /** Large for buyers and sign-in, small within the seller's pages. */
  size?: "lg" | "sm";
} & Pick<
  React.ComponentProps<"input">,
  | "type"
  | "autoComplete"
  | "defaultValue"
  | "required"
  | "maxLength"
  | "autoFocus"
  | "inputMode"
  | "placeholder"
>) {
  const described = [hint ? `${id}-hint` : "", error ? `${id}-error` : ""].filter(Boolean).join(" ");
  return (
    <div className={size === "lg" ? "field field-lg" : "field"}>
      <label htmlFor={id}>{label}</label>
      {hint && (
        <span className="hint" id={`${id}-hint`}>
          {hint}
        </span>
      )}
      {error && <FieldError id={`${id}-error`}>{error}</FieldError>}
      <input
        className="input"
        id={id}
        name={name}
        aria-invalid={error ? true : undefined}
        aria-describedby={described || undefined}
        {...input}
      />
    </div>
  );
}

export function FieldError({ id, children }: { id: string; children: React.ReactNode }) {
  return (
    <span className="field-error" id={id}>
      <OctagonAlert className="i" />
      {children}
    </span>
  );
}
