"use client";

import { Square } from "lucide-react";
import { useActionState } from "react";
import type { FormAction } from "#components/ui/form-action.ts";
import { SubmitButton } from "#components/ui/submit-button.tsx";

/** Stops an operation that runs. What was done stays done. */
export function StopHand({ id, stop }: { id: string; stop: FormAction<string> }) {
  const [words, action] = useActionState(stop, "");
  return (
    <form className="s-acts" action={action}>
      <input type="hidden" name="id" value={id} />
      <div>
        <SubmitButton look="btn-second" pending="Stopping…">
          <Square className="i" />
          Stop
        </SubmitButton>
      </div>
      <span className="hint" role="status">
        {words || "What was done stays done; the rest stays as it is."}
      </span>
    </form>
  );
}
