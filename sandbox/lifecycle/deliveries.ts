import type { SandboxSettings } from "../env.ts";
import type { Database } from "../state/database.ts";
import {
  type LifecycleEvent,
  markDelivered,
  markFailed,
  nextAttemptAt,
  nextDueEvent,
} from "../state/events.ts";

const ATTEMPT_TIMEOUT_MS = 10_000;
const LONGEST_PAUSE_MS = 10_000;
/** With ten seconds between tries this is EventBridge’s own day of patience. */
const MOST_ATTEMPTS = 8_640;

export type Deliveries = {
  /** Looks for waiting events now. */
  wake(): void;
  /** Breaks off a delivery that is under way; it will be tried again. */
  interrupt(): Promise<void>;
  stop(): Promise<void>;
};

/**
 * Carries lifecycle events to the portal's event door the way an EventBridge API destination does: POST with a bearer
 * secret, tried again with growing pauses until it answers 2xx. The events lie in the database, so a portal that was
 * down, and a sandbox that was restarted, lose none. One that fails does not hold up the next.
 */
export function startDeliveries(db: Database, settings: SandboxSettings): Deliveries {
  const { portalUrl, eventsSecret } = settings;
  if (!portalUrl) return { wake: () => {}, interrupt: async () => {}, stop: async () => {} };
  const target = `${portalUrl}/api/events/eventbridge`;

  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> | undefined;
  let abort = new AbortController();

  const wake = () => {
    if (stopped || running) return;
    clearTimeout(timer);
    running = deliverDue().then(() => {
      running = undefined;
      if (stopped) return;
      const next = nextAttemptAt(db);
      if (next !== undefined) timer = setTimeout(wake, Math.max(0, next - Date.now()));
    });
  };

  const deliverDue = async () => {
    // Leave the caller's transaction first: an event counts from its commit on.
    await new Promise((resolve) => setImmediate(resolve));
    for (;;) {
      const event = stopped ? undefined : nextDueEvent(db, Date.now());
      if (!event) return;
      await attempt(event);
    }
  };

  const attempt = async (event: LifecycleEvent) => {
    const signal = AbortSignal.any([abort.signal, AbortSignal.timeout(ATTEMPT_TIMEOUT_MS)]);
    const answer = await post(target, eventsSecret, event.body, signal);
    if (stopped) return;
    if (answer.ok) {
      markDelivered(db, event.id, answer.words);
      return;
    }
    const pause = Math.min(LONGEST_PAUSE_MS, 500 * 2 ** Math.min(event.attempts, 10));
    const tired = event.attempts + 1 >= MOST_ATTEMPTS;
    markFailed(db, event.id, answer.words, tired ? undefined : Date.now() + pause);
  };

  const interrupt = async () => {
    abort.abort();
    abort = new AbortController();
    await running;
  };

  return {
    wake,
    interrupt,
    stop: async () => {
      stopped = true;
      clearTimeout(timer);
      await interrupt();
    },
  };
}

async function post(
  url: string,
  secret: string | undefined,
  body: string,
  signal: AbortSignal,
): Promise<{ ok: boolean; words: string }> {
  try {
    const answer = await fetch(url, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        ...(secret ? { authorization: `Bearer ${secret}` } : {}),
      },
      body,
      signal,
      redirect: "manual",
    });
    await answer.body?.cancel();
    return { ok: answer.ok, words: `HTTP ${answer.status}` };
  } catch (error) {
    return { ok: false, words: signal.aborted ? "No answer in time" : `Not reached: ${causeOf(error)}` };
  }
}

/** fetch says only "fetch failed"; what failed stands in the cause. */
function causeOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? causeOf(error.cause) : error.message || error.name;
}
