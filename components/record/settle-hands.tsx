"use client";

import { CircleCheck, CircleX, Undo2, Users } from "lucide-react";
import Link from "next/link";
import { useActionState } from "react";
import { hourText } from "#components/format/moment.ts";
import { sentence } from "#components/format/sentence.ts";
import type { FormAction } from "#components/ui/form-action.ts";
import { Problem } from "#components/ui/problem.tsx";
import { SubmitButton } from "#components/ui/submit-button.tsx";
import type { OpenSettlement } from "#lib/metering/submission/settlement-views.ts";
import type { NotBilled, SettleKind } from "./settle-words.ts";

/** What people may say of a record that AWS may have billed. Each leads to a step that asks for the evidence. */
export function SettleHands({ address, notBilled }: { address: string; notBilled: NotBilled }) {
  const step = (kind: SettleKind) => `${address}?settle=${kind}`;
  return (
    <div className="s-acts">
      <div>
        <Link className="btn btn-grave" href={step("written_off")}>
          Write off…
        </Link>
        {notBilled === "open" && (
          <Link className="btn btn-second" href={step("not_billed")}>
            <CircleX className="i" />
            AWS did not bill it…
          </Link>
        )}
        <Link
          className={notBilled === "others_word" ? "btn btn-second" : "btn btn-primary"}
          href={step("billed")}
        >
          <CircleCheck className="i" />
          AWS billed it…
        </Link>
      </div>
      <span className="hint">
        {notBilled === "license_ended"
          ? "Its license has ended: no hour is left for the units, so they are billed or written off."
          : "Say what you found out. Each asks for its evidence first."}
      </span>
    </div>
  );
}

/** Somebody said that AWS did not bill it: nothing changes before somebody else says the same. */
export function WaitingWord({
  settlement,
  own,
  address,
  withdraw,
}: {
  settlement: OpenSettlement;
  /** Whether it is the reader's own word. */
  own: boolean;
  address: string;
  withdraw: FormAction<string>;
}) {
  const [problem, action] = useActionState(withdraw, "");
  const { recordId, proposedBy, proposedAt, reason } = settlement;
  return (
    <form className="notice is-danger waiting-word" action={action}>
      <Users className="i" />
      <div>
        <p>
          <b>{own ? "Your word waits for a second person." : "A decision waits for a second person."}</b>{" "}
          {own ? "You" : proposedBy} said on {hourText(proposedAt)} UTC that AWS did not bill it: “
          {sentence(reason)}”{" "}
          {own
            ? "Another admin sees it here and among the problems of the overview."
            : "If you find the same, confirm it: the units then go back to their series."}
        </p>
        {problem && <Problem>{problem}</Problem>}
        <input type="hidden" name="id" value={recordId} />
        <div className="acts">
          {!own && (
            <Link className="btn btn-primary" href={`${address}?settle=not_billed`}>
              Confirm…
            </Link>
          )}
          <SubmitButton look="btn-second" pending="Taking it back…">
            <Undo2 className="i" />
            Take it back
          </SubmitButton>
        </div>
      </div>
    </form>
  );
}
