import { Clock, LockKeyhole } from "lucide-react";
import { quantityText } from "#components/format/quantity.ts";
import {
  effectSentence,
  type Hand,
  leftAlone,
  type Reach,
  SIDES,
  skippedByReason,
} from "./decision-words.ts";

/** What a decision about many records will do, exactly: the sentence, both sides of it, and what stays true. */
export function DecideEffect({ hand, reach }: { hand: Hand; reach: Reach }) {
  return (
    <>
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
    </>
  );
}

/** What the decision reaches and what it does not, side by side. */
function Weighed({ hand, reach }: { hand: Hand; reach: Reach }) {
  const { does, doesNot } = SIDES[hand];
  const left = leftAlone(reach);
  return (
    <div className="weigh">
      <div>
        <span>{does}</span>
        <b>{quantityText(String(reach.done))}</b>
        <span>unchanged</span>
      </div>
      <div>
        <span>{doesNot}</span>
        <b>{quantityText(String(left))}</b>
        <span>{left === 0 ? "nothing stays behind" : "stay as they are"}</span>
        {skippedByReason(reach.skipped).map(({ word, count }) => (
          <p key={word}>
            <span>{word}</span>
            {count}
          </p>
        ))}
      </div>
    </div>
  );
}
