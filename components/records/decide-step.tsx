"use client";

import { Check, CircleMinus, Clock, LockKeyhole } from "lucide-react";
import Link from "next/link";
import { useActionState } from "react";
import { quantityText } from "#components/format/quantity.ts";
import type { FormAction } from "#components/ui/form-action.ts";
import { SubmitButton } from "#components/ui/submit-button.tsx";
import {
  decisionQuestion,
  effectSentence,
  type Hand,
  type Reach,
  SIDES,
  skippedByReason,
} from "./decision-words.ts";

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
        <p className="effect">{effectSentence(hand, reach)}</p>
        <Weighed hand={hand} reach={reach} />
        <ul className="facts">
          {hand !== "hold" && (
            <li>
              <LockKeyhole className="i" />
              Same quantity, same hour, same bytes: AWS cannot bill any of them twice.
            </li>
          )}
          <li>
            <Clock className="i" />
            {hand === "hold"
              ? "The time AWS takes them goes on while they are held."
              : "Those with the least time left go first."}
          </li>
        </ul>
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

/** What the decision reaches and what it does not, side by side. */
function Weighed({ hand, reach: { done, skipped } }: { hand: Hand; reach: Reach }) {
  const { does, doesNot } = SIDES[hand];
  return (
    <div className="weigh">
      <div>
        <span>{does}</span>
        <b>{quantityText(String(done))}</b>
        <span>unchanged</span>
      </div>
      <div>
        <span>{doesNot}</span>
        <b>{quantityText(String(skipped.length))}</b>
        <span>{skipped.length === 0 ? "nothing stays behind" : "stay as they are"}</span>
        {skippedByReason(skipped).map(({ word, count }) => (
          <p key={word}>
            <span>{word}</span>
            {count}
          </p>
        ))}
      </div>
    </div>
  );
}
