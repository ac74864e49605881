"use client";

import { ArrowRightLeft, BellOff, CirclePause, Tags } from "lucide-react";
import Link from "next/link";
import { useActionState } from "react";
import { Field } from "#components/ui/field.tsx";
import type { FormAction } from "#components/ui/form-action.ts";
import { SubmitButton } from "#components/ui/submit-button.tsx";

/** What was typed, what is wrong with it, and, once it is done, what happened. */
export type MoveAnswer = { reason: string; errors: { reason?: string; all?: string }; done: string | null };

const NOTHING: MoveAnswer = { reason: "", errors: {}, done: null };

/** The second half of moving units: the exact effect, why, and the press that does it. */
export function MoveStep({
  id,
  to,
  words,
  back,
  move,
}: {
  id: string;
  to: { licenseId: string; dimension: string };
  /** Null when the record cannot be moved now. */
  words: { title: string; effect: string; button: string } | null;
  /** The record's page without this step. */
  back: string;
  move: FormAction<MoveAnswer>;
}) {
  const [{ reason, errors, done }, action] = useActionState(move, NOTHING);
  if (done !== null || words === null) {
    const Icon = done === null ? CirclePause : ArrowRightLeft;
    return (
      <div className="notice" role="status">
        <Icon className="i" />
        <p>
          {done ?? errors.all ?? "The units of this record cannot be moved now: its state says why."}{" "}
          <Link href={back}>{done === null ? "Back to the record" : "Done"}</Link>
        </p>
      </div>
    );
  }
  return (
    <section className="panel step" aria-labelledby="move">
      <form action={action} noValidate>
        <h2 id="move">{words.title}</h2>
        <p className="effect">{words.effect}</p>
        <ul className="facts">
          <li>
            <BellOff className="i" />
            This record is over then: AWS is told nothing of its hour any more.
          </li>
          <li>
            <Tags className="i" />
            Tags go along. Your name, the hour and the reason are kept for whoever looks at the books.
          </li>
        </ul>
        {errors.all && (
          <p className="field-error" role="alert">
            {errors.all}
          </p>
        )}
        <input type="hidden" name="id" value={id} />
        <input type="hidden" name="license" value={to.licenseId} />
        <input type="hidden" name="dimension" value={to.dimension} />
        <Field
          name="reason"
          label="Why"
          hint={errors.reason ? undefined : "Write at least three words: an auditor will read them."}
          defaultValue={reason}
          error={errors.reason}
          size="sm"
          maxLength={500}
          required
        />
        <div className="step-acts">
          <Link className="btn btn-second" href={`${back}?move=1`}>
            Choose again
          </Link>
          <SubmitButton pending="Moving…">{words.button}</SubmitButton>
        </div>
      </form>
    </section>
  );
}
