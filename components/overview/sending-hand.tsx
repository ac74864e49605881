"use client";

import { Pause, Play, TriangleAlert } from "lucide-react";
import { useActionState } from "react";
import { Field } from "#components/ui/field.tsx";
import type { FormAction } from "#components/ui/form-action.ts";
import { Problem } from "#components/ui/problem.tsx";
import { SubmitButton } from "#components/ui/submit-button.tsx";

/** What was typed, what is wrong with it, and what happened. */
export type SendingAnswer = { reason: string; error: string | null; words: string | null };

/** Pauses every call to AWS, with a reason, and resumes them. */
export function SendingHand({
  paused,
  switchSending,
}: {
  /** Why and since when nothing is sent, as a sentence; null while sending is on. */
  paused: { since: string; words: string } | null;
  switchSending: FormAction<SendingAnswer>;
}) {
  const [answer, action] = useActionState(switchSending, { reason: "", error: null, words: null });
  return (
    <div className="sending">
      {paused === null ? <PauseForm answer={answer} action={action} /> : null}
      {paused !== null && (
        <form className="notice is-danger" action={action}>
          <TriangleAlert className="i" />
          <div>
            <p>
              <b>Sending is paused.</b> {paused.words}
            </p>
            {answer.error !== null && <Problem>{answer.error}</Problem>}
            <input type="hidden" name="since" value={paused.since} />
            <input type="hidden" name="to" value="on" />
            <SubmitButton pending="Resuming…">
              <Play className="i" />
              Resume sending
            </SubmitButton>
          </div>
        </form>
      )}
      <p className="hint" role="status">
        {answer.words}
      </p>
    </div>
  );
}

function PauseForm({ answer, action }: { answer: SendingAnswer; action: (form: FormData) => void }) {
  return (
    <details open={answer.error !== null || undefined}>
      <summary className="btn btn-quiet">
        <Pause className="i" />
        Pause sending…
      </summary>
      <form action={action} noValidate>
        <p>
          No call to AWS will start, for any product, until somebody presses Resume. Counting and closing go
          on; the time that records have left goes on, too.
        </p>
        <input type="hidden" name="to" value="paused" />
        <Field
          name="reason"
          label="Why"
          hint={answer.error === null ? "Write at least three words: an auditor will read them." : undefined}
          defaultValue={answer.reason}
          error={answer.error ?? undefined}
          size="sm"
          maxLength={500}
          required
        />
        <SubmitButton look="btn-second" pending="Pausing…">
          Pause sending
        </SubmitButton>
      </form>
    </details>
  );
}
