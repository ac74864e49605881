"use client";

import { Check, CircleMinus } from "lucide-react";
import Link from "next/link";
import { useActionState } from "react";
import type { FormAction } from "#components/ui/form-action.ts";
import { SubmitButton } from "#components/ui/submit-button.tsx";
import { DecideEffect } from "./decide-effect.tsx";
import { decisionQuestion, type Hand, type Reach } from "./decision-words.ts";

/** The step between choosing records and deciding about them: exactly what will happen, then what did. */
export function DecideStep({
  hand,
  ids,
  reach,
  back,
  decide,
}: {
  hand: Hand;
  ids: string[];
  /** What the decision would do if it were made now. */
  reach: Reach;
  /** The list without this step. */
  back: string;
  /** Answers with what happened, as a sentence. */
  decide: FormAction<string>;
}) {
  const [happened, action] = useActionState(decide, "");
  if (happened !== "" || ids.length === 0) {
    const Icon = happened === "" ? CircleMinus : Check;
    return (
      <div className="notice" role="status">
        <Icon className="i" />
        <p>
          {happened || "Nothing is selected: tick records in the list first."} <Link href={back}>Done</Link>
        </p>
      </div>
    );
  }
  const { title, button, pending } = decisionQuestion(hand, reach);
  return (
    <section className="panel step" aria-labelledby="decide">
      <form action={action}>
        <h2 id="decide">{title}</h2>
        <DecideEffect hand={hand} reach={reach} />
        <input type="hidden" name="hand" value={hand} />
        {ids.map((id) => (
          <input key={id} type="hidden" name="ids" value={id} />
        ))}
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
