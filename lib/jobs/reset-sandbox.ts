import { setTimeout as sleep } from "node:timers/promises";
import { resetSandbox } from "../aws/sandbox.ts";
import { db } from "../database/client.ts";
import { env } from "../env.ts";
import { failed, ok, type Result } from "../result.ts";
import { importSandboxProducts } from "./import-sandbox-products.ts";

const IN_FLIGHT_MS = 30_000;

/**
 * Starts portal and sandbox afresh together: everything about buyers, usage and AWS goes, the clock returns to now.
 * Admins and API keys stay. Sandbox mode only.
 */
export async function resetEverything(): Promise<Result<null, "not_a_sandbox" | "sandbox_did_not_follow">> {
  if (env().PORTAL_MODE !== "sandbox") return failed("not_a_sandbox");
  await db().portalState.update({
    where: { id: 1 },
    data: { pausedAt: new Date(), pausedReason: "The sandbox is being reset.", clockTarget: null },
  });
  await untilNothingIsInFlight();
  const emptied = db().$executeRaw`
    TRUNCATE product, product_dimension, company, member, buyer, license, entitlement, lifecycle_event, registration,
      series, usage_event, product_closing, license_closing, closed_hour, sealing_chunk, remainder, refused_event, refused_minute, identity_cut_over, usage_record,
      queued_record, record_outcome, submission, submission_record, submission_answer, submission_result, settlement, trail_line, operation, closed_month, series_month, movement,
      submission_pace, product_turn, cohort, alert, audit_entry RESTART IDENTITY`;
  // Another life, in the same moment: nobody takes what is emptied for forgotten.
  const reborn = db().$executeRaw`UPDATE portal_state SET lives = lives || gen_random_uuid()`;
  await db().$transaction([reborn, emptied]);
  const followed = await resetSandbox();
  await db().portalState.update({
    where: { id: 1 },
    data: { clockOffsetMs: 0, clockTarget: null, pausedAt: null, pausedReason: null, doubtfulUntil: null },
  });
  await importSandboxProducts();
  return followed || env().SANDBOX_CLOCK === "unfollowed" ? ok(null) : failed("sandbox_did_not_follow");
}

/** A call that is with AWS now would leave its answer in the new life. */
async function untilNothingIsInFlight(): Promise<void> {
  const until = Date.now() + IN_FLIGHT_MS;
  while (Date.now() < until && (await db().queuedRecord.count({ where: { state: "submitting" } })) > 0) {
    await sleep(100);
  }
}
