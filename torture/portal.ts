// A portal without its pages: what its routes call, over the channel to the torture that started it. It is killed at will.
import { readSandboxLedger } from "#lib/aws/sandbox.ts";
import { businessNow } from "#lib/database/clock.ts";
import { advanceClock } from "#lib/jobs/advance-clock.ts";
import { preparePortal } from "#lib/jobs/prepare-portal.ts";
import { Envelope } from "#lib/licensing/events.ts";
import { receiveLifecycleEvent } from "#lib/licensing/receive-lifecycle-event.ts";
import { ingestUsage } from "#lib/metering/ingest/ingest-usage.ts";
import { reconcile } from "#lib/metering/ledger/reconcile-ledger.ts";
import { pauseAll, resumeAll } from "#lib/metering/submission/pause-all.ts";
import { retryRecords } from "#lib/metering/submission/retry-records.ts";
import { registerBuyer } from "#lib/registration/register-buyer.ts";

/** What each verb is given; the torture is the only caller. */
type Given = {
  events: unknown[];
  seconds: number;
  token: string;
  envelope: unknown;
  ids: string[];
};

const ACTOR = "torture";

const VERBS: Record<string, (given: Given) => Promise<unknown>> = {
  ingest: async ({ events }) => ingestUsage({ events, now: await businessNow() }),
  advance: ({ seconds }) => advanceClock({ advanceSeconds: seconds }),
  register: async ({ token }) =>
    registerBuyer({ registrationToken: token, offerType: null, now: await businessNow() }),
  hear: async ({ envelope }) =>
    receiveLifecycleEvent({ envelope: Envelope.parse(envelope), now: await businessNow() }),
  retry: async ({ ids }) => retryRecords({ ids, actor: ACTOR, now: await businessNow() }),
  pause: () => pauseAll({ actor: ACTOR, reason: "The torture pauses." }),
  resume: () => resumeAll({ actor: ACTOR }),
  reconcile: async () => reconcile(await readSandboxLedger()),
};

process.on("message", (request: { id: number; verb: string; given: Given }) => {
  const { id, verb, given } = request;
  const work = VERBS[verb]?.(given) ?? Promise.reject(new Error(`no such verb: ${verb}`));
  work.then(
    (value) => process.send?.({ id, value: value ?? null }),
    (error: unknown) => process.send?.({ id, error: error instanceof Error ? error.message : String(error) }),
  );
});

// Whoever started us let go of the channel for the sake of other children; we live by it.
process.channel?.ref();
const problem = await preparePortal();
if (problem) throw new Error(problem);
process.stdout.write("ready portal\n");
