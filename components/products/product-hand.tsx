"use client";

import { Pause, Play } from "lucide-react";
import { useActionState } from "react";
import { Field } from "#components/ui/field.tsx";
import type { FormAction } from "#components/ui/form-action.ts";
import { Problem } from "#components/ui/problem.tsx";
import { SubmitButton } from "#components/ui/submit-button.tsx";

/** What was typed, what is wrong with it, and what happened. */
export type PauseAnswer = { reason: string; error: string | null; words: string | null };

/** Pauses the calls for one product, with a reason, and resumes them. */
export function ProductHand({
  productCode,
  name,
  pausedSince,
  switchProduct,
  children,
}: {
  productCode: string;
  name: string;
  /** The pause that is shown; null: it is not paused. */
  pausedSince: string | null;
  switchProduct: FormAction<PauseAnswer>;
  /** Other hands beside it. */
  children: React.ReactNode;
}) {
  const [{ reason, error, words }, action] = useActionState(switchProduct, {
    reason: "",
    error: null,
    words: null,
  });
  return (
    <div className="p-hands">
      {children}
      {pausedSince !== null ? (
        <form action={action}>
          <input type="hidden" name="productCode" value={productCode} />
          {error !== null && <Problem>{error}</Problem>}
          <input type="hidden" name="to" value="on" />
          <input type="hidden" name="since" value={pausedSince} />
          <SubmitButton pending="Resuming…">
            <Play className="i" />
            Resume
            <span className="sr"> {name}</span>
          </SubmitButton>
        </form>
      ) : (
        <details open={error !== null || undefined}>
          <summary className="btn btn-second">
            <Pause className="i" />
            Pause…
            <span className="sr"> {name}</span>
          </summary>
          <form action={action} noValidate>
            <p>
              No call to AWS will start for {name} until somebody presses Resume. Counting and closing go on;
              the time that its records have left goes on, too.
            </p>
            <input type="hidden" name="productCode" value={productCode} />
            <input type="hidden" name="to" value="paused" />
            <Field
              id={`reason-${productCode}`}
              name="reason"
              label="Why"
              hint={error === null ? "Write at least three words: an auditor will read them." : undefined}
              defaultValue={reason}
              error={error ?? undefined}
              size="sm"
              maxLength={500}
              required
            />
            <SubmitButton look="btn-second" pending="Pausing…">
              Pause {name}
            </SubmitButton>
          </form>
        </details>
      )}
      <span className="hint" role="status">
        {words}
      </span>
    </div>
  );
}
