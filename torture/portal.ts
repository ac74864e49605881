// A portal without its pages: what its routes and commands call, over the channel to the torture that started it.
import { readSandboxLedger } from "#lib/aws/sandbox.ts";
import { businessNow } from "#lib/database/clock.ts";
import { advanceClock } from "#lib/jobs/advance-clock.ts";
import { preparePortal } from "#lib/jobs/prepare-portal.ts";
import { Envelope } from "#lib/licensing/events.ts";
import { receiveLifecycleEvent } from "#lib/licensing/receive-lifecycle-event.ts";
import { type CutOverForm, makeCutOver } from "#lib/metering/closing/make-cut-over.ts";
import { takeUsage } from "#lib/metering/ingest/take-usage.ts";
import { reconcile } from "#lib/metering/ledger/reconcile-ledger.ts";
import { decideRecords } from "#lib/metering/submission/decide-records.ts";
import type { Decision } from "#lib/metering/submission/decision.ts";
import { pauseAll, resumeAll } from "#lib/metering/submission/pause-all.ts";
import { resumeProduct } from "#lib/metering/submission/pause-product.ts";
import { retryRecords } from "#lib/metering/submission/retry-records.ts";
import { settleRecords } from "#lib/metering/submission/settle-records.ts";
import type { SettlementForm } from "#lib/metering/submission/settlement.ts";
import { registerBuyer } from "#lib/registration/register-buyer.ts";

/** What each verb is given; the torture is the only caller. */
type Given = {
  events: unknown[];
  seconds: number;
  token: string;
  envelope: unknown;
  ids: string[];
  decision: Decision;
  productCode: string;
  form: CutOverForm;
  settlement: SettlementForm;
  actor: string;
};

const actor = "torture";

const VERBS: Record<string, (given: Given) => Promise<unknown>> = {
  ingest: async ({ events }) => takeUsage({ events, now: await businessNow() }),
  advance: ({ seconds }) => advanceClock({ advanceSeconds: seconds }),
  register: async ({ token }) =>
    registerBuyer({ registrationToken: token, offerType: null, now: await businessNow() }),
  hear: async ({ envelope }) =>
    receiveLifecycleEvent({ envelope: Envelope.parse(envelope), now: await businessNow() }),
  retry: async ({ ids }) => retryRecords({ ids, actor, now: await businessNow() }),
  decide: async ({ ids, decision }) => decideRecords({ ids, decision, actor, now: await businessNow() }),
  pause: () => pauseAll({ actor, reason: "The torture pauses." }),
  resume: () => resumeAll({ actor }),
  resumeProduct: ({ productCode }) => resumeProduct({ productCode, actor }),
  cutOver: async ({ form }) => makeCutOver(form, { actor, now: await businessNow() }),
  settle: async ({ ids, settlement, actor: who }) =>
    settleRecords({ ids, form: settlement, actor: who, now: await businessNow() }),
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
