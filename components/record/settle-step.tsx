"use client";

import { CircleCheck, CirclePause } from "lucide-react";
import Link from "next/link";
import { useActionState } from "react";
import { sentence } from "#components/format/sentence.ts";
import { Field } from "#components/ui/field.tsx";
import type { FormAction } from "#components/ui/form-action.ts";
import { Problem } from "#components/ui/problem.tsx";
import { SubmitButton } from "#components/ui/submit-button.tsx";
import type { SettleKind, SettleWords } from "./settle-words.ts";

/** What was typed, what is wrong with it, and, once it is done, what happened. */
export type SettleAnswer = {
  reason: string;
  receipt: string;
  errors: { reason?: string; receipt?: string; all?: string };
  done: string | null;
};

const NOTHING: SettleAnswer = { reason: "", receipt: "", errors: {}, done: null };

/** The step before a record is settled: its exact effect, the evidence it takes, and who said what before. */
export function SettleStep({
  id,
  kind,
  words,
  offered,
  before,
  back,
  settle,
}: {
  id: string;
  kind: SettleKind;
  words: SettleWords;
  /** Whether the record can be settled so now. */
  offered: boolean;
  /** The first person's word, which this confirms. */
  before: { by: string; reason: string } | null;
  /** The record's page without this step. */
  back: string;
  settle: FormAction<SettleAnswer>;
}) {
  const [{ reason, receipt, errors, done }, action] = useActionState(settle, NOTHING);
  if (done !== null || !offered) {
    const Icon = done === null ? CirclePause : CircleCheck;
    return (
      <div className="notice" role="status">
        <Icon className="i" />
        <p>
          {done ?? "This cannot be said of the record now: its state says why."}{" "}
          <Link href={back}>{done === null ? "Back to the record" : "Done"}</Link>
        </p>
      </div>
    );
  }
  return (
    <section className="panel step" aria-labelledby="settle">
      <form action={action} noValidate>
        <h2 id="settle">{words.title}</h2>
        <p className="effect">{words.effect}</p>
        {before && (
          <blockquote className="quote">
            <b>{before.by}</b> said: “{sentence(before.reason)}”
          </blockquote>
        )}
        <p className="hint">{words.evidence}</p>
        {errors.all && <Problem>{errors.all}</Problem>}
        <input type="hidden" name="id" value={id} />
        <input type="hidden" name="kind" value={kind} />
        {kind === "billed" && (
          <Field
            name="receipt"
            label="AWS’s receipt"
            hint="The metering record id, as CloudTrail’s BatchMeterUsage event or AWS support names it."
            defaultValue={receipt}
            error={errors.receipt}
            size="sm"
            maxLength={255}
            required
          />
        )}
        <Field
          name="reason"
          label={words.why}
          hint={errors.reason ? undefined : "Write at least three words: an auditor will read them."}
          defaultValue={reason}
          error={errors.reason}
          size="sm"
          maxLength={500}
          required
        />
        <div className="step-acts">
          <Link className="btn btn-second" href={back}>
            Cancel
          </Link>
          <SubmitButton
            look={kind === "written_off" ? "btn-second btn-grave" : "btn-primary"}
            pending={words.pending}
          >
            {words.button}
          </SubmitButton>
        </div>
      </form>
    </section>
  );
}
