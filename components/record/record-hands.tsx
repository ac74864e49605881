"use client";

import { ArrowRightLeft, CirclePause, Play, RotateCw } from "lucide-react";
import Link from "next/link";
import { useActionState } from "react";
import { STATE_WORDS } from "#components/record-state.ts";
import type { Hand } from "#components/records/decision-words.ts";
import type { FormAction } from "#components/ui/form-action.ts";
import { SubmitButton } from "#components/ui/submit-button.tsx";
import type { RecordState } from "#lib/metering/shapes.ts";

/** What may be decided about a record now; `unanswered`: AWS may have billed it, so nobody hides what it was told. */
export type OfferedHands = Record<Hand | "writeOff" | "move" | "unanswered", boolean>;

/** What came of a decision, and how many attempts the record had then: a later attempt makes the words old. */
export type HandAnswer = { came: Hand | "nothing"; words: string; attempts: number } | null;

/** What a person may do with a record: only what its state allows. Says before what will happen, and after what did. */
export function RecordHands({
  id,
  attempts,
  state,
  offered,
  writeOffHref,
  moveHref,
  decide,
}: {
  id: string;
  attempts: number;
  state: RecordState;
  offered: OfferedHands;
  /** The step that writes it off: it says what that means, and asks why. */
  writeOffHref: string;
  /** The step that moves its units to another license or dimension. */
  moveHref: string;
  decide: FormAction<HandAnswer>;
}) {
  const [answer, action] = useActionState(decide, null);
  const words = stillTrue(answer, state, attempts);
  const sending = state === "submitting";
  if (!offered.retry && !offered.release && !sending && words === null) return null;
  return (
    <form className="s-acts" action={action}>
      <input type="hidden" name="id" value={id} />
      <input type="hidden" name="attempts" value={attempts} />
      <div>
        {offered.writeOff && (
          <Link className="btn btn-grave" href={writeOffHref}>
            Write off…
          </Link>
        )}
        {offered.move && (
          <Link className="btn btn-quiet" href={moveHref}>
            <ArrowRightLeft className="i" />
            Move…
          </Link>
        )}
        {offered.hold && (
          <SubmitButton look="btn-second" pending="Holding…" name="hand" value="hold">
            <CirclePause className="i" />
            Hold
          </SubmitButton>
        )}
        {offered.release && (
          <SubmitButton pending="Releasing…" name="hand" value="release">
            <Play className="i" />
            Release
          </SubmitButton>
        )}
        {offered.retry && (
          <SubmitButton pending="Retrying…" name="hand" value="retry">
            <RotateCw className="i" />
            Retry
          </SubmitButton>
        )}
        {sending && (
          <button className="btn btn-second" type="button" disabled>
            Retry
          </button>
        )}
      </div>
      <span className="hint" role="status">
        {words ?? whatWillHappen(state, offered)}
      </span>
    </form>
  );
}

function whatWillHappen(state: RecordState, { unanswered }: OfferedHands): string {
  if (state === "submitting") return "It is with AWS now: wait for the answer.";
  if (state === "held") return "Release sends the same bytes within seconds, while AWS’s window is open.";
  const retry = "The same bytes go out again now; nothing else changes.";
  return unanswered ? `${retry} AWS may have billed it, so it cannot be held or written off.` : retry;
}

/** The words of the last decision, as long as nothing happened since that makes them old. */
function stillTrue(answer: HandAnswer, state: RecordState, attempts: number): string | null {
  if (answer === null) return null;
  if (answer.came === "hold") return state === "held" ? answer.words : null;
  if (answer.attempts >= attempts) return answer.came !== "nothing" && state === "held" ? null : answer.words;
  return answer.came === "nothing" ? null : `It was sent: the record is now ${STATE_WORDS[state].word}.`;
}
