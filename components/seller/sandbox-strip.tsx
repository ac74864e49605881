"use client";

import { FastForward, FlaskConical, Store } from "lucide-react";
import { useActionState, useEffect, useState } from "react";
import type { FormAction } from "#components/ui/form-action.ts";
import { SubmitButton } from "#components/ui/submit-button.tsx";
import { StripClock } from "./strip-clock.tsx";

/** Says that nothing here is real, shows the clock and moves it; on every seller page in sandbox mode. */
export function SandboxStrip({
  now,
  storefront,
  endHour,
}: {
  now: string;
  /** Null: somebody else's stand-in for AWS is used, and it has no storefront we know. */
  storefront: string | null;
  /** Answers with what happened, as a sentence. */
  endHour: FormAction<string>;
}) {
  const [answer, action] = useActionState(endHour, "");
  const said = useForAWhile(answer);
  return (
    <section className="sandbox" aria-label="Sandbox">
      <strong>
        <FlaskConical className="i" />
        Sandbox
      </strong>
      <span className="long">No real AWS, no real money.</span>
      <span>
        Clock: <StripClock now={now} />
      </span>
      <span className="said" role="status">
        {said}
      </span>
      <span className="acts">
        <form action={action}>
          <SubmitButton look="btn-quiet" pending="Moving the clock…">
            <FastForward className="i" />
            To the end of this hour
          </SubmitButton>
        </form>
        {storefront && (
          <a className="btn btn-quiet" href={storefront}>
            <Store className="i" />
            Open the storefront
          </a>
        )}
      </span>
    </section>
  );
}

/** What happened is news for ten seconds; then the clock beside it says enough. */
function useForAWhile(answer: string): string {
  const [old, setOld] = useState("");
  useEffect(() => {
    const timer = setTimeout(() => setOld(answer), 10_000);
    return () => clearTimeout(timer);
  }, [answer]);
  return answer === old ? "" : answer;
}
