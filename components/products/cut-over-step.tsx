"use client";

import { Ban, Check, CircleSlash, KeyRound } from "lucide-react";
import Link from "next/link";
import { useActionState } from "react";
import type { FormAction } from "#components/ui/form-action.ts";
import { Problem } from "#components/ui/problem.tsx";
import { SubmitButton } from "#components/ui/submit-button.tsx";
import type { CutOverAnswer } from "./cut-over-answer.ts";
import { CutOverForm } from "./cut-over-form.tsx";
import { CUT_OVER_ROOM } from "./cut-over-words.ts";

const NOTHING: CutOverAnswer = { optedIn: false, arns: {}, errors: {}, preview: null, done: null };

/** The cut-over of one buyer: what AWS must have done before, the ARNs, the exact hour, and the press that does it. */
export function CutOverStep({
  of,
  title,
  blocked,
  licenseIds,
  cutOver,
}: {
  of: { productCode: string; buyerId: string };
  title: string;
  /** What stands before it that no form can mend, and where to see to it; null: nothing. */
  blocked: { words: string; door: string | null } | null;
  /** The licenses whose ARN is asked for. */
  licenseIds: string[];
  cutOver: FormAction<CutOverAnswer>;
}) {
  const [answer, action] = useActionState(cutOver, NOTHING);
  const { preview, done, errors } = answer;
  if (done !== null || blocked) {
    const Icon = done === null ? CircleSlash : Check;
    return (
      <div className="notice" role="status">
        <Icon className="i" />
        <p>
          {done ?? `${title.replace("?", ":")} not now. ${blocked?.words ?? ""}`}{" "}
          {done === null && blocked?.door && (
            <>
              <Link href={blocked.door}>See the records</Link>{" "}
            </>
          )}
          <Link href={CUT_OVER_ROOM}>{done === null ? "Back" : "Done"}</Link>
        </p>
      </div>
    );
  }
  return (
    <section className="panel step" aria-labelledby="cut-over">
      <form action={action} noValidate>
        <h2 id="cut-over">{title}</h2>
        {errors.all && <Problem>{errors.all}</Problem>}
        <input type="hidden" name="productCode" value={of.productCode} />
        <input type="hidden" name="buyerId" value={of.buyerId} />
        {preview === null ? (
          <CutOverForm answer={answer} licenseIds={licenseIds} />
        ) : (
          <Effect answer={answer} preview={preview} />
        )}
        <div className="step-acts">
          {preview === null ? (
            <>
              <Link className="btn btn-second" href={CUT_OVER_ROOM}>
                Cancel
              </Link>
              <SubmitButton pending="Looking…" name="turn" value="preview">
                Show from which hour on
              </SubmitButton>
            </>
          ) : (
            <>
              <SubmitButton look="btn-second" pending="Going back…" name="turn" value="back">
                Change
              </SubmitButton>
              <SubmitButton pending="Cutting over…" name="turn" value="make">
                {preview.button}
              </SubmitButton>
            </>
          )}
        </div>
      </form>
    </section>
  );
}

/** What it means, to the hour, with what was typed held as it is. */
function Effect({
  answer: { arns },
  preview: { from, effect },
}: {
  answer: CutOverAnswer;
  preview: { from: string; effect: string };
}) {
  return (
    <>
      <p className="effect">{effect}</p>
      <ul className="facts">
        <li>
          <Ban className="i" />
          There is no way back: AWS would bill an hour that is told in both styles twice, so neither this page
          nor the database goes back to legacy style.
        </li>
        {Object.entries(arns).map(([id, arn]) => (
          <li key={id}>
            <KeyRound className="i" />
            <span>
              The license gets the ARN <code className="arn">{arn}</code>
            </span>
          </li>
        ))}
      </ul>
      <input type="hidden" name="from" value={from} />
      <input type="hidden" name="optedIn" value="on" />
      {Object.entries(arns).map(([id, arn]) => (
        <input key={id} type="hidden" name={`arn-${id}`} value={arn} />
      ))}
    </>
  );
}
