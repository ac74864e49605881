import { z } from "zod";
import { writeAudit } from "../../access/audit.ts";
import { inTransaction, type Tx } from "../../database/client.ts";
import { applyWaitingEvents } from "../../licensing/apply-waiting-events.ts";
import { licenseKeyOf } from "../../licensing/license-key.ts";
import { takeTurn } from "../../licensing/store.ts";
import { failed, ok, type Result } from "../../result.ts";
import { isInDoubt } from "../submission/doubt-store.ts";
import { mayBeForeign } from "../submission/end-late.ts";
import { expire } from "../submission/outcome-store.ts";
import type { QueueState } from "../submission/store.ts";
import { IN_SHADOW } from "./cap.ts";
import {
  type CutOverStanding,
  lockCutOver,
  lockQueued,
  nameLicense,
  writeCutOver,
} from "./cut-over-store.ts";

export const CutOverForm = z.strictObject({
  productCode: z.string().min(1).max(255),
  buyerId: z.uuid(),
  /** AWS has switched the product to concurrent agreements: before that it refuses license style. */
  optedIn: z.literal(true),
  /** The ARN that AWS made for each legacy subscription, by our id of the license. */
  licenseArns: z.record(
    z.uuid(),
    z.string().regex(/^arn:aws[a-zA-Z-]*:license-manager:[^:]*:[0-9]{12}:license:.+$/),
  ),
});
export type CutOverForm = z.infer<typeof CutOverForm>;

export type CutOverProblem =
  | "not_found"
  | "already"
  /** An hour that is closed is not sealed yet: in a moment. */
  | "hour_not_sealed"
  /** Legacy records that AWS or another program may have billed, or that a person holds: each must come to its end first. */
  | "draining"
  /** Hours that a restored database may have told in legacy style are still to be sealed. */
  | "doubtful_hours"
  /** A subscription's ARN is not given. */
  | "no_license_arn"
  /** The buyer's AWS account is not known, and license style names it. */
  | "no_account"
  /** An ARN that another license has. */
  | "arn_taken";

/**
 * Turns a buyer's usage of a product from legacy to license style, from the first hour that is not closed (M6). Told in
 * both styles an hour would be billed twice, so everything in the old style must be at its end before; the database
 * refuses anything else. What AWS surely has not billed goes back to its series and is told in license style: AWS takes no
 * legacy style after the opt-in. There is no way back. With `preview` nothing changes.
 */
export async function makeCutOver(
  form: CutOverForm,
  by: { actor: string; now: Date; preview?: boolean },
): Promise<Result<{ from: Date }, CutOverProblem>> {
  return inTransaction(async (tx) => {
    const standing = await lockCutOver(tx, form);
    if (!standing) return failed("not_found");
    if (await isInDoubt(tx)) return failed("doubtful_hours");
    const problem = problemOf(standing, form);
    if (problem) return failed(problem);
    const from = standing.closedThrough;
    if (by.preview) return ok({ from });
    await nameAll(tx, standing.nameless, form, by);
    // An end that AWS had told of the ARN counts by now, and stays, with the name.
    const ids = standing.queued.map(({ recordId }) => recordId);
    const queued = await lockQueued(tx, ids);
    if (queued.some(mustEnd)) return failed("draining");
    for (const record of queued) await expire(tx, record, { ...CUT_OVER, now: by.now });
    await writeCutOver(tx, { ...form, from });
    const subject = `${form.productCode} ${form.buyerId}`;
    await writeAudit(tx, {
      at: by.now,
      actor: by.actor,
      action: "identity.cut_over",
      subject,
      detail: { from: from.toISOString(), licenseArns: form.licenseArns },
    });
    return ok({ from });
  }).catch((error: unknown) => {
    if (error instanceof ArnTaken) return failed("arn_taken");
    throw error;
  });
}

function problemOf(standing: CutOverStanding, form: CutOverForm): CutOverProblem | null {
  if (standing.licenseFrom !== null) return "already";
  if (standing.isBehind) return "hour_not_sealed";
  if (standing.queued.some(mustEnd)) return "draining";
  if (!standing.hasAccount) return "no_account";
  return standing.nameless.every((id) => form.licenseArns[id]) ? null : "no_license_arn";
}

const CUT_OVER = {
  code: "CutOver",
  message: "The buyer went over to license style: the units are told with the next hour.",
};

/**
 * A record whose end nobody knows yet, that a person holds, or that another program may have told; of an ended license no hour
 * is left to take its units.
 */
function mustEnd(record: QueueState): boolean {
  const { state, unanswered, reasonCode, licenseEnded } = record;
  const isHeld = state === "held" && reasonCode !== IN_SHADOW.code;
  const isUnknown = state === "submitting" || state === "unconfirmed" || unanswered;
  return isUnknown || isHeld || licenseEnded || mayBeForeign(record);
}

/** Undoes the whole decision: half of the names would be worse than none. */
class ArnTaken extends Error {}

/** Gives licenses their ARN; what AWS's events said of it before anybody here knew whose it was is applied. */
async function nameAll(
  tx: Tx,
  licenseIds: string[],
  form: CutOverForm,
  { actor, now }: { actor: string; now: Date },
): Promise<void> {
  for (const licenseId of licenseIds) {
    const licenseArn = form.licenseArns[licenseId] ?? "";
    const licenseKey = licenseKeyOf(licenseArn);
    await takeTurn(tx, licenseKey);
    if (!(await nameLicense(tx, { licenseId, licenseArn, licenseKey }))) throw new ArnTaken();
    const detail = { licenseArn };
    await writeAudit(tx, { at: now, actor, action: "license.named", subject: licenseId, detail });
    await applyWaitingEvents(tx, [licenseKey], now);
  }
}
