"use client";

import { ArrowRightLeft, BellOff, CircleDashed, CirclePause, Tags } from "lucide-react";
import Link from "next/link";
import { useActionState } from "react";
import { Field } from "#components/ui/field.tsx";
import type { FormAction } from "#components/ui/form-action.ts";
import { Problem } from "#components/ui/problem.tsx";
import { SubmitButton } from "#components/ui/submit-button.tsx";
import { MOVED, type MovedKind } from "./move-words.ts";

/** What was typed, what is wrong with it, and, once it is done, what happened. */
export type MoveAnswer = { reason: string; errors: { reason?: string; all?: string }; done: string | null };

const NOTHING: MoveAnswer = { reason: "", errors: {}, done: null };

/** The second half of moving units: the exact effect, why, and the press that does it. */
export function MoveStep({
  kind,
  fields,
  words,
  back,
  move,
}: {
  kind: MovedKind;
  /** What is moved, a mark of what was shown, and where to. */
  fields: Record<string, string>;
  /** Null when the units cannot be moved now. */
  words: { title: string; effect: string; button: string } | null;
  /** The page without this step. */
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
          {done ?? errors.all ?? MOVED[kind].stuck}{" "}
          <Link href={back}>{done === null ? MOVED[kind].back : "Done"}</Link>
        </p>
      </div>
    );
  }
  const Stays = kind === "record" ? BellOff : CircleDashed;
  return (
    <section className="panel step" aria-labelledby="move">
      <form action={action} noValidate>
        <h2 id="move">{words.title}</h2>
        <p className="effect">{words.effect}</p>
        <ul className="facts">
          <li>
            <Stays className="i" />
            {MOVED[kind].after}
          </li>
          <li>
            <Tags className="i" />
            Tags go along. Your name, the hour and the reason are kept for whoever looks at the books.
          </li>
        </ul>
        {errors.all && <Problem>{errors.all}</Problem>}
        {Object.entries(fields).map(([name, value]) => (
          <input key={name} type="hidden" name={name} value={value} />
        ))}
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
