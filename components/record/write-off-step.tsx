"use client";

import { CircleMinus, CirclePause } from "lucide-react";
import Link from "next/link";
import { useActionState } from "react";
import { Field } from "#components/ui/field.tsx";
import type { FormAction } from "#components/ui/form-action.ts";
import { SubmitButton } from "#components/ui/submit-button.tsx";

/** What was typed, what is wrong with it, and, once it is done, what happened. */
export type WriteOffAnswer = { reason: string; error: string | null; done: string | null };

/** The step before a record is written off: what it means, to the unit, and why it is done. */
export function WriteOffStep({
  id,
  effect,
  offered,
  back,
  writeOff,
}: {
  id: string;
  /** What will never be billed, as a sentence. */
  effect: string;
  offered: boolean;
  /** The record's page without this step. */
  back: string;
  writeOff: FormAction<WriteOffAnswer>;
}) {
  const [{ reason, error, done }, action] = useActionState(writeOff, { reason: "", error: null, done: null });
  if (done !== null || !offered) {
    const Icon = done === null ? CirclePause : CircleMinus;
    return (
      <div className="notice" role="status">
        <Icon className="i" />
        <p>
          {done ?? "This record cannot be written off now: its state says why."}{" "}
          <Link href={back}>{done === null ? "Back to the record" : "Done"}</Link>
        </p>
      </div>
    );
  }
  return (
    <section className="panel step" aria-labelledby="write-off">
      <form action={action} noValidate>
        <h2 id="write-off">Write this record off?</h2>
        <p className="effect">{effect}</p>
        <p className="hint">
          AWS is told nothing. Your name, the hour and the reason are kept for whoever looks at the books.
        </p>
        <input type="hidden" name="id" value={id} />
        <Field
          name="reason"
          label="Why"
          hint={error === null ? "Write at least three words: an auditor will read them." : undefined}
          defaultValue={reason}
          error={error ?? undefined}
          size="sm"
          maxLength={500}
          required
        />
        <div className="step-acts">
          <Link className="btn btn-second" href={back}>
            Cancel
          </Link>
          <SubmitButton look="btn-second btn-grave" pending="Writing off…">
            Write off for ever
          </SubmitButton>
        </div>
      </form>
    </section>
  );
}
