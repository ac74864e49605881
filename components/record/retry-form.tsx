"use client";

import { RotateCw } from "lucide-react";
import { useActionState } from "react";
import type { FormAction } from "#components/ui/form-action.ts";
import { SubmitButton } from "#components/ui/submit-button.tsx";

/** What came of pressing Retry, and how many attempts the record had then: a later attempt makes the words old. */
export type RetryAnswer = { words: string; attempts: number } | null;

/** Moves the next attempt to now. Says before what will happen, and after what did. */
export function RetryForm({
  id,
  attempts,
  can,
  word,
  retry,
}: {
  id: string;
  attempts: number;
  /** What its state is called now. */
  word: string;
  can: "now" | "not_while_sending" | "not_any_more";
  retry: FormAction<RetryAnswer>;
}) {
  const [answer, action] = useActionState(retry, null);
  const words =
    answer && (answer.attempts >= attempts ? answer.words : `The retry was sent: the record is now ${word}.`);
  if (can === "not_any_more" && words === null) return null;
  return (
    <form className="s-acts" action={action}>
      <input type="hidden" name="id" value={id} />
      <input type="hidden" name="attempts" value={attempts} />
      {can === "now" && (
        <SubmitButton pending="Retrying…">
          <RotateCw className="i" />
          Retry
        </SubmitButton>
      )}
      {can === "not_while_sending" && (
        <button className="btn btn-second" type="button" disabled>
          Retry
        </button>
      )}
      <span className="hint" role="status">
        {words ??
          (can === "now"
            ? "The same bytes go out again now; nothing else changes."
            : "It is with AWS now: wait for the answer.")}
      </span>
    </form>
  );
}
