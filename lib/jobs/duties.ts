import { env } from "../env.ts";
import { receiveFromQueue } from "../licensing/receive-from-queue.ts";
import { submitRecords } from "../metering/submission/submit-records.ts";
import { importSandboxProducts } from "./import-sandbox-products.ts";
import {
  closeAndSeal,
  hearEvents,
  keepEnds,
  keepEntitlements,
  keepHeartbeats,
  keepQueue,
} from "./run-due.ts";
import { finishWalk } from "./walk-clock.ts";
import { watchPortal } from "./watch-portal.ts";

/** A verb and its rhythm. Every verb finds its own due rows and claims them, so running it twice at once is harmless. */
export type Duty = {
  name: string;
  everyMs: number;
  /** Answers how much was done; 0: nothing was due. One that waits for something stops waiting when told. */
  run: (stopping: AbortSignal) => Promise<number>;
};

/** What people must hear of. */
export const WATCH: Duty = { name: "watch", everyMs: 5_000, run: watchPortal };

/** What makes business time go on. */
const BUSINESS_DUTIES: Duty[] = [
  // Apart: AWS's hour for a license that ended runs, whatever is wrong with an event or with the entitlement service.
  { name: "licensing", everyMs: 1_000, run: hearEvents },
  { name: "ends", everyMs: 1_000, run: keepEnds },
  { name: "entitlements", everyMs: 1_000, run: keepEntitlements },
  { name: "closing", everyMs: 1_000, run: closeAndSeal },
  // Apart: a long queue keeps the worker sending for hours, and neither people nor deadlines wait for its end.
  { name: "queue", everyMs: 500, run: keepQueue },
  { name: "submission", everyMs: 500, run: submitRecords },
  { name: "heartbeats", everyMs: 1_000, run: keepHeartbeats },
  WATCH,
];

/** Everything a worker does. */
export function duties(): Duty[] {
  const { PORTAL_MODE, SELLER_EVENTS_QUEUE_URL: queueUrl } = env();
  const queue = queueUrl && {
    name: "events",
    everyMs: 1_000,
    run: (stopping: AbortSignal) => receiveFromQueue(queueUrl, stopping),
  };
  const always = queue ? [...BUSINESS_DUTIES, queue] : BUSINESS_DUTIES;
  if (PORTAL_MODE === "live") return always;
  return [
    ...always,
    { name: "catalog", everyMs: 15_000, run: importSandboxProducts },
    { name: "clock", everyMs: 5_000, run: finishWalk },
  ];
}
