"use client";

import { Check, Dot } from "lucide-react";
import Link from "next/link";
import { useActionState } from "react";
import type { FormAction } from "#components/ui/form-action.ts";
import { SubmitButton } from "#components/ui/submit-button.tsx";
import type { ShadowTurn, shadowWords } from "./mode-words.ts";

/** The step before somebody else tells AWS a product's hours, or this portal does again: from which hour, and what follows. */
export function ShadowStep({
  productCode,
  turn,
  words,
  change,
}: {
  productCode: string;
  turn: ShadowTurn;
  words: ReturnType<typeof shadowWords>;
  /** Answers with what happened, as a sentence. */
  change: FormAction<string>;
}) {
  const [happened, action] = useActionState(change, "");
  const back = "/admin/products";
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
  const { title, effect, facts, button } = words;
  return (
    <section className="panel step" aria-labelledby="shadow">
      <form action={action}>
        <h2 id="shadow">{title}</h2>
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
        <div className="step-acts">
          <Link className="btn btn-second" href={back}>
            {button === null ? "Back" : "Cancel"}
          </Link>
          {button !== null && <SubmitButton pending="Changing…">{button}</SubmitButton>}
        </div>
      </form>
    </section>
  );
}
