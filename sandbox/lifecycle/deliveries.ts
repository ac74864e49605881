import { confirmationOf, envelopeOf, topicOf } from "../notifications/envelope.ts";
import { isConfirmed, subscriptionToken } from "../notifications/subscriptions.ts";
import {
  type LifecycleEvent,
  markDelivered,
  markFailed,
  nextAttemptAt,
  nextDueEvent,
} from "../state/events.ts";
import type { Market } from "../state/market.ts";

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
export function startDeliveries(market: Omit<Market, "wakeDeliveries">): Deliveries {
  const { db } = market;
  const { portalUrl } = market.settings;
  if (!portalUrl) return { wake: () => {}, interrupt: async () => {}, stop: async () => {} };

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
      const next = nextAttemptAt(db, market.now());
      if (next !== undefined) timer = setTimeout(wake, Math.max(0, next - Date.now()));
    });
  };

  const deliverDue = async () => {
    // Leave the caller's transaction first: an event counts from its commit on.
    await new Promise((resolve) => setImmediate(resolve));
    for (;;) {
      const event = stopped ? undefined : nextDueEvent(db, Date.now(), market.now());
      if (!event) return;
      await attempt(event);
    }
  };

  const attempt = async (event: LifecycleEvent) => {
    const signal = AbortSignal.any([abort.signal, AbortSignal.timeout(ATTEMPT_TIMEOUT_MS)]);
    const answer = await deliver({ ...market, wakeDeliveries: wake }, portalUrl, event, signal);
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

type Answer = { ok: boolean; words: string };

/** EventBridge posts with the seller's secret; SNS asks first whether it may, and signs what it posts. */
async function deliver(
  market: Market,
  portalUrl: string,
  event: LifecycleEvent,
  signal: AbortSignal,
): Promise<Answer> {
  if (event.channel === "eventbridge") {
    const { eventsSecret } = market.settings;
    const headers: Record<string, string> = eventsSecret ? { authorization: `Bearer ${eventsSecret}` } : {};
    return post(`${portalUrl}/api/events/eventbridge`, "application/json", headers, event.body, signal);
  }
  const topic = topicOf(market, event);
  const message = isConfirmed(market.db, topic)
    ? envelopeOf(market, event, topic)
    : confirmationOf(market, event.id, topic, subscriptionToken(market.db, topic));
  const headers = {
    "x-amz-sns-message-type": message.Type,
    "x-amz-sns-message-id": message.MessageId,
    "x-amz-sns-topic-arn": topic,
  };
  const url = `${portalUrl}/api/events/sns`;
  const answer = await post(url, "text/plain; charset=UTF-8", headers, JSON.stringify(message), signal);
  if (message.Type === "Notification") return answer;
  return { ok: false, words: `Asked to confirm the subscription: ${answer.words}` };
}

async function post(
  url: string,
  contentType: string,
  headers: Record<string, string>,
  body: string,
  signal: AbortSignal,
): Promise<Answer> {
  try {
    const answer = await fetch(url, {
      method: "POST",
      headers: { "content-type": contentType, ...headers },
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
