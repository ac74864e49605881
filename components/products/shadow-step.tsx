"use client";

import { Check, Dot } from "lucide-react";
import Link from "next/link";
import { useActionState } from "react";
import type { FormAction } from "#components/ui/form-action.ts";
import { Problem } from "#components/ui/problem.tsx";
import { SubmitButton } from "#components/ui/submit-button.tsx";
import type { ShadowReach, ShadowTurn, shadowWords } from "./mode-words.ts";

/** What is wrong, or what happened, as a sentence. */
export type ShadowAnswer = { problem: string | null; done: string | null };

/** The step before somebody else tells AWS a product's hours, or this portal does again: from which hour, and what follows. */
export function ShadowStep({
  productCode,
  turn,
  reach,
  words,
  change,
}: {
  productCode: string;
  turn: ShadowTurn;
  reach: ShadowReach;
  words: ReturnType<typeof shadowWords>;
  change: FormAction<ShadowAnswer>;
}) {
  const [{ problem, done }, action] = useActionState(change, { problem: null, done: null });
  const back = "/admin/products";
  if (done !== null) {
    return (
      <div className="notice" role="status">
        <Check className="i" />
        <p>
          {done} <Link href={back}>Done</Link>
        </p>
      </div>
    );
  }
  const { title, effect, facts, button } = words;
  return (
    <section className="panel step" aria-labelledby="shadow">
      <form action={action}>
        <h2 id="shadow">{title}</h2>
        {problem && <Problem>{problem}</Problem>}
        <p className="effect">{effect}</p>
        {facts.length > 0 && (
          <ul className="facts">
            {facts.map((fact) => (
              <li key={fact}>
                <Dot className="i" />
                {fact}
              </li>
            ))}
          </ul>
        )}
        <input type="hidden" name="productCode" value={productCode} />
        <input type="hidden" name="turn" value={turn} />
        {"from" in reach && <input type="hidden" name="from" value={reach.from} />}
        <div className="step-acts">
          {"problem" in reach && reach.door && (
            <Link className="btn btn-quiet" href={reach.door}>
              See the records
            </Link>
          )}
          <Link className="btn btn-second" href={back}>
            {button === null ? "Back" : "Cancel"}
          </Link>
          {button !== null && <SubmitButton pending="Changing…">{button}</SubmitButton>}
        </div>
      </form>
    </section>
  );
}
