"use client";

import { Check, Fingerprint, Undo2 } from "lucide-react";
import Link from "next/link";
import { useActionState } from "react";
import { countText } from "#components/format/quantity.ts";
import type { FormAction } from "#components/ui/form-action.ts";
import { SubmitButton } from "#components/ui/submit-button.tsx";
import type { RefusalCode } from "#lib/metering/ingest/shapes.ts";
import { REFUSALS, replayEffect } from "./refused-words.ts";

/** The step before all refused events of a reason are replayed: how many, and what becomes of them. */
export function ReplayStep({
  code,
  matched,
  back,
  replay,
}: {
  code: RefusalCode;
  /** How many a replay would take now. */
  matched: number;
  /** The page without this step. */
  back: string;
  /** Answers with what came of it, as a sentence. */
  replay: FormAction<string>;
}) {
  const [happened, action] = useActionState(replay, "");
  if (happened !== "") {
    return (
      <div className="notice" role="status">
        <Check className="i" />
        <p>
          {happened} <Link href={back}>Done</Link>
        </p>
      </div>
    );
  }
  return (
    <section className="panel step" aria-labelledby="replay">
      <form action={action}>
        <h2 id="replay">
          Replay {countText(matched, "event")}:{" "}
          {REFUSALS[code].name.replace(/^./, (first) => first.toLowerCase())}?
        </h2>
        <p className="effect">{replayEffect({ matched })}</p>
        {matched > 0 && (
          <ul className="facts">
            <li>
              <Fingerprint className="i" />
              An event is counted once by its id, however often it is replayed.
            </li>
            <li>
              <Undo2 className="i" />
              What is refused again stays here, with its newest reason.
            </li>
          </ul>
        )}
        <input type="hidden" name="code" value={code} />
        <div className="step-acts">
          <Link className="btn btn-second" href={back}>
            Cancel
          </Link>
          {matched > 0 && (
            <SubmitButton pending="Replaying…">Replay {countText(matched, "event")}</SubmitButton>
          )}
        </div>
      </form>
    </section>
  );
}
