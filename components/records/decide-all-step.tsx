"use client";

import { ListChecks } from "lucide-react";
import Link from "next/link";
import { useActionState } from "react";
import type { FormAction } from "#components/ui/form-action.ts";
import { Problem } from "#components/ui/problem.tsx";
import { SubmitButton } from "#components/ui/submit-button.tsx";
import { DecideEffect } from "./decide-effect.tsx";
import { decisionQuestion, type Hand, type Reach } from "./decision-words.ts";
import type { RecordAddress } from "./record-address.ts";

/** The step before a decision about everything that matches: its exact effect, then an operation that carries it out. */
export function DecideAllStep({
  hand,
  reach,
  address,
  back,
  decide,
}: {
  hand: Hand;
  /** What the operation would do if it were carried out now, and as of which movement. */
  reach: Reach & { asOf: bigint };
  /** The filter it is about. */
  address: RecordAddress;
  /** The list without this step. */
  back: string;
  /** Starts the operation and leads to its page; answers only when it cannot, with the reason. */
  decide: FormAction<string>;
}) {
  const [problem, action] = useActionState(decide, "");
  const { title, button, pending } = decisionQuestion(hand, reach);
  return (
    <section className="panel step" aria-labelledby="decide">
      <form action={action}>
        <h2 id="decide">{title}</h2>
        <DecideEffect hand={hand} reach={reach} />
        {reach.done > 0 && (
          <ul className="facts">
            <li>
              <ListChecks className="i" />
              The worker goes through them in order. You can watch it, and stop it; what was done stays done.
            </li>
          </ul>
        )}
        {problem && <Problem>{problem}</Problem>}
        <input type="hidden" name="hand" value={hand} />
        <input type="hidden" name="done" value={reach.done} />
        <input type="hidden" name="asOf" value={reach.asOf.toString()} />
        {Object.entries(address).map(
          ([name, value]) =>
            value !== undefined && <input key={name} type="hidden" name={name} value={value} />,
        )}
        <div className="step-acts">
          <Link className="btn btn-second" href={back}>
            Cancel
          </Link>
          {reach.done > 0 && <SubmitButton pending={pending}>{button}</SubmitButton>}
        </div>
      </form>
    </section>
  );
}
