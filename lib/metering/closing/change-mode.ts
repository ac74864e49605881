import { writeAudit } from "../../access/audit.ts";
import { inTransaction, type Tx } from "../../database/client.ts";
import { wake } from "../../database/wake.ts";
import { failed, ok, type Result } from "../../result.ts";
import { addHours, hourOf, later } from "../hours.ts";
import { lockMode, type ModeStanding, writeLive, writeShadow } from "./mode-store.ts";

type Request = {
  productCode: string;
  actor: string;
  now: Date;
  preview?: boolean;
  /** The hour that was shown: another one is not taken for it. */
  from?: Date | undefined;
};

export type ModeChange = {
  /** The first hour of the new mode. The other program must tell AWS every hour before it and none from it on, or the other way round. */
  from: Date;
  /** Whole units that wait unsealed and would go into that hour. */
  carried: string;
};

/**
 * Another program meters this product from its first open hour on; here everything goes on up to the call, and its hours
 * are compared with what CloudTrail saw. `unsealed_units`: what waits would be taken for the other program's; `draining`: so
 * would what a record gives back that AWS does not take, and (`late_usage`) what came late into the open hour; `changed`: it would begin with another hour than was shown.
 */
export async function startShadow(
  request: Request,
): Promise<
  Result<
    ModeChange,
    | "unknown_product"
    | "already"
    | "hour_not_sealed"
    | "draining"
    | "unsealed_units"
    | "late_usage"
    | "changed"
  >
> {
  return inTransaction(async (tx) => {
    const standing = await lockMode(tx, request.productCode);
    if (!standing) return failed("unknown_product");
    if (isInShadow(standing)) return failed("already");
    if (standing.isBehind || isChanging(standing)) return failed("hour_not_sealed");
    if (standing.onTheWay > 0) return failed("draining", `${standing.onTheWay} records are on their way.`);
    if (standing.carried !== "0") return failed("unsealed_units", `${standing.carried} units wait unsealed.`);
    if (standing.hasLateUsage) return failed("late_usage");
    const from = standing.closedThrough;
    if (isAnother(from, request)) return failed("changed", `It would begin with ${from.toISOString()}.`);
    if (!request.preview) {
      await writeShadow(tx, request.productCode, from);
      await note(tx, "product.shadow", request, from);
    }
    return ok({ from, carried: "0" });
  });
}

/**
 * This portal tells AWS from the next full hour on; the other program tells the hours before it. What was in shadow is
 * never sent from here.
 */
export async function endShadow(
  request: Request,
): Promise<Result<ModeChange, "unknown_product" | "not_in_shadow" | "changed">> {
  return inTransaction(async (tx) => {
    const standing = await lockMode(tx, request.productCode);
    if (!standing) return failed("unknown_product");
    if (!isInShadow(standing)) return failed("not_in_shadow");
    const from = later(addHours(hourOf(request.now), 1), standing.closedThrough);
    if (isAnother(from, request)) return failed("changed", `It would begin with ${from.toISOString()}.`);
    if (!request.preview) {
      await writeLive(tx, request.productCode, from);
      await note(tx, "product.live", request, from);
    }
    return ok({ from, carried: standing.carried });
  });
}

/** An hour ended or was closed since the preview: the other program was told of another hour. */
function isAnother(from: Date, { from: shown }: Request): boolean {
  return shown !== undefined && shown.getTime() !== from.getTime();
}

function isInShadow({ shadowFrom, shadowUntil }: ModeStanding): boolean {
  return shadowFrom !== null && shadowUntil === null;
}

/** An earlier shadow still reaches into hours that are not closed. */
function isChanging({ shadowUntil, closedThrough }: ModeStanding): boolean {
  return shadowUntil !== null && shadowUntil > closedThrough;
}

async function note(tx: Tx, action: string, { productCode, actor, now }: Request, from: Date): Promise<void> {
  await writeAudit(tx, {
    at: now,
    actor,
    action,
    subject: productCode,
    detail: { from: from.toISOString() },
  });
  await wake(tx);
}
