"use client";

import { Check, ChevronRight, KeyRound, OctagonAlert } from "lucide-react";
import { useActionState, useState } from "react";
import { CodePanel } from "#components/ui/code-panel.tsx";
import type { FormAction } from "#components/ui/form-action.ts";
import { StateBadge } from "#components/ui/state-badge.tsx";
import { SubmitButton } from "#components/ui/submit-button.tsx";
import { type CurlFacts, curlCommand } from "./curl-command.ts";

/** What came of "Create a key". The secret lives in this answer only: no address, no cookie, no log. */
export type NewKey = { secret: string; prefix: string } | { problem: string } | null;

/** Everything the command needs but the key; null while no license or dimension can take usage. */
export type SampleEvent = Omit<CurlFacts, "secret"> | null;

/**
 * The way to the first record: make a key, send one event. It stays as long as it shows a key, also when the first
 * record has arrived meanwhile, because the key is shown once.
 */
export function SendUsage({
  wanted,
  empty,
  event,
  storefront,
  createKey,
}: {
  /** Whether the page asks for it; with a fresh key it shows anyway. */
  wanted: boolean;
  /** Whether no usage has ever arrived. */
  empty: boolean;
  event: SampleEvent;
  /** Where a sandbox sells its products. */
  storefront: string | null;
  createKey: FormAction<NewKey>;
}) {
  const [key, action] = useActionState(createKey, null);
  const shown = useSteady(event);
  const secret = key && "secret" in key ? key.secret : null;
  if (!wanted && secret === null) return null;
  return (
    <section className="panel" aria-label="Send usage">
      <div className="e-text">
        <h2>{empty ? "No usage has arrived yet" : "Send usage"}</h2>
        <p>
          A record appears here for every license, dimension and hour in which a buyer used something. It
          counts while the hour runs, is sealed a few minutes after, and is Billed once AWS’s receipt arrives.
        </p>
        <ol className="path" aria-label="The way of a record">
          {(["open", "sealed", "submitting", "accepted"] as const).map((state) => (
            <li key={state}>
              <StateBadge state={state} />
              {state !== "accepted" && <ChevronRight className="i next" />}
            </li>
          ))}
        </ol>
      </div>
      <ol className="steps">
        <li>
          <span className="no">1</span>
          <div>
            <h3>Make a key for your product</h3>
            <p>It may write usage and nothing else. You see it once.</p>
            <form action={action}>
              <SubmitButton look={secret ? "btn-second" : "btn-primary"} pending="Creating a key…">
                <KeyRound className="i" />
                {secret ? "Create another key" : "Create a key"}
              </SubmitButton>
            </form>
            <div role="status">
              {secret !== null && (
                <p className="ans">
                  <Check className="i" />
                  <span>The key stands in the command. Keep it now: it is not shown again.</span>
                </p>
              )}
              {key && "problem" in key && (
                <p className="ans">
                  <OctagonAlert className="i" />
                  <span>{key.problem}</span>
                </p>
              )}
            </div>
          </div>
        </li>
        <li>
          <span className="no">2</span>
          <SendOneEvent event={shown} secret={secret} storefront={storefront} />
        </li>
      </ol>
    </section>
  );
}

/** The page is read again every few seconds; the command under somebody's eyes changes only with its license or its hour. */
function useSteady(event: SampleEvent): SampleEvent {
  const [kept, keep] = useState(event);
  const same = hourAndLicense(kept) === hourAndLicense(event);
  if (!same) keep(event);
  return same ? kept : event;
}

function hourAndLicense(event: SampleEvent): string {
  return event === null ? "" : `${event.licenseArn} ${event.dimension} ${event.occurredAt.slice(0, 13)}`;
}

function SendOneEvent({
  event,
  secret,
  storefront,
}: {
  event: SampleEvent;
  secret: string | null;
  storefront: string | null;
}) {
  if (event === null) {
    return (
      <div>
        <h3>Send one event</h3>
        <p>
          No license can take usage yet. When a buyer has subscribed and their product has a metered
          dimension, the command stands here with their license filled in.
        </p>
        {storefront && (
          <a className="btn btn-second" href={storefront}>
            Subscribe in the storefront
          </a>
        )}
      </div>
    );
  }
  const command = curlCommand({ ...event, secret });
  return (
    <div>
      <h3>Send one event</h3>
      <p>
        The license is your newest one. Send it as often as you like: the same <code>id</code> counts once.
      </p>
      <CodePanel title="Terminal" text={command} what="command">
        <Marked text={command} words={[`${event.portal}/api/v1/usage`, secret ?? "YOUR_KEY"]} />
      </CodePanel>
      <p className="ans">
        <Check className="i" />
        <span>
          The answer is <code>{'{ "accepted": 1, "duplicates": 0, "rejected": [] }'}</code> and the record
          stands here as Counting.
        </span>
      </p>
    </div>
  );
}

/** The text with these words, in this order, in bold. */
function Marked({ text, words }: { text: string; words: string[] }) {
  const parts: React.ReactNode[] = [];
  let rest = text;
  for (const word of words) {
    const at = rest.indexOf(word);
    parts.push(rest.slice(0, at), <b key={word}>{word}</b>);
    rest = rest.slice(at + word.length);
  }
  return [...parts, rest];
}
