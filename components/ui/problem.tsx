import { OctagonAlert } from "lucide-react";

/** Why what was pressed was not done; read aloud at once. */
export function Problem({ children }: { children: React.ReactNode }) {
  return (
    <p className="field-error" role="alert">
      <OctagonAlert className="i" />
      <span>{children}</span>
    </p>
  );
}
