import { createHash } from "node:crypto";
import { z } from "zod";
import { writeAudit } from "../../access/audit.ts";
import { inTransaction, type Tx } from "../../database/client.ts";
import { failed, ok, type Result } from "../../result.ts";
import { isReason } from "./decision.ts";
import { isInDoubt } from "./doubt-store.ts";
import {
  arrive,
  type Carried,
  endMoved,
  ensureSeries,
  findSource,
  findTarget,
  readRemainders,
  takeRemainders,
} from "./move-store.ts";
import { portionsOf } from "./outcome-store.ts";
import { lockRecords, type QueueState } from "./store.ts";

const Series = z.strictObject({ licenseId: z.uuid(), dimension: z.string().min(1).max(255) });

/** A refused record, or everything that sealing left of a series; into another series of the same buyer and product. */
export const MoveForm = z.strictObject({
  from: z.union([z.strictObject({ recordId: z.uuid() }), Series]),
  to: Series,
  reason: z.string().trim().max(1_000),
});
export type MoveForm = z.infer<typeof MoveForm>;

export type MoveProblem =
  | "reason_too_short"
  | "not_found"
  /** Only what AWS refused, and what never was asked without an answer, can be moved. */
  | "not_refused"
  | "unanswered"
  /** AWS holds another program's number for this hour: billed once more it would be billed twice. */
  | "billed_elsewhere"
  /** A restored database does not know which of these units its forgotten hours told AWS. */
  | "doubtful_hours"
  | "nothing_there"
  /** Other units wait there than were shown. */
  | "changed"
  | "same_series"
  | "another_buyer"
  | "another_product"
  /** The license it should go to has ended, or the dimension is not metered. */
  | "cannot_be_billed";

type Source = {
  seriesId: bigint;
  place: string;
  /** The refused record; null for what sealing left. */
  record: QueueState | null;
  buyerId: string;
  productCode: string;
  carried: Units[];
};
/** A record's units never change; what sealing left has a version. */
type Units = Carried & { version?: string };

/**
 * Moves units to another series of the same buyer and product, where the next sealed hour takes them: usage that was sent
 * for the wrong license or dimension. Tags go along. Answers how many units. With `preview` nothing changes; with `shown`,
 * what a preview answered, nothing moves when other units wait there by now, be they as many.
 */
export async function moveUnits(
  request: MoveForm & { actor: string; now: Date; preview?: boolean; shown?: string | undefined },
): Promise<Result<{ quantity: string; shown: string }, MoveProblem>> {
  const { to, actor, now, reason } = request;
  if (!isReason(reason)) return failed("reason_too_short", "Say why in three words or more.");
  return inTransaction(async (tx) => {
    const found = await findUnits(tx, request);
    if (!found.ok) return found;
    const source = found.value;
    const target = await findTarget(tx, to);
    if (!target) return failed("not_found");
    if (target.seriesId === source.seriesId) return failed("same_series");
    if (target.buyerId !== source.buyerId) return failed("another_buyer");
    if (target.productCode !== source.productCode) return failed("another_product");
    const isMetered = target.dimensionType === "metered" || target.dimensionType === "both";
    if (!isMetered || target.endsAt !== null || target.state === "ended") return failed("cannot_be_billed");
    if (request.preview) return ok(asShown(source.carried));

    const carried = source.record ? source.carried : await readRemainders(tx, source.seriesId, true);
    if (carried.length === 0) return failed("nothing_there");
    const moved = asShown(carried);
    if (request.shown !== undefined && request.shown !== moved.shown) return failed("changed");
    if (source.record) await endMoved(tx, source.record, request);
    else await takeRemainders(tx, source.seriesId, carried);
    const from = {
      seriesId: source.seriesId,
      place: source.place,
      recordId: source.record?.recordId ?? null,
    };
    const seriesId = await ensureSeries(tx, { ...to, productCode: target.productCode });
    await arrive(tx, { from, to: seriesId, carried, now });
    const subject = source.record?.recordId ?? `series ${source.seriesId}`;
    await writeAudit(tx, {
      at: now,
      actor,
      action: "units.moved",
      subject,
      detail: { reason, to, quantity: moved.quantity },
    });
    return ok(moved);
  });
}

async function findUnits(tx: Tx, { from }: MoveForm): Promise<Result<Source, MoveProblem>> {
  if (!("recordId" in from)) {
    const series = await findSource(tx, from);
    if (!series) return failed("not_found");
    if (await isInDoubt(tx)) return failed("doubtful_hours");
    const carried = await readRemainders(tx, series.seriesId);
    return carried.length > 0
      ? ok({ ...series, place: "unsealed", record: null, carried })
      : failed("nothing_there");
  }
  const [record] = await lockRecords(tx, [from.recordId]);
  if (!record) return failed("not_found");
  if (record.state !== "rejected" || record.place === null) return failed("not_refused");
  if (record.unanswered) return failed("unanswered");
  if (record.duplicateIn.length > 0) return failed("billed_elsewhere");
  if (record.quantity === "0") return failed("nothing_there"); // a heartbeat
  const series = await findSource(tx, record);
  if (!series) return failed("not_found");
  return ok({ ...series, place: record.place, record, carried: portionsOf(record) });
}

/** How many units these are, and a mark of these very ones. */
function asShown(units: Units[]): { quantity: string; shown: string } {
  const rows = units.map(({ tagSet, quantity, version }) => [tagSet, quantity, version]);
  return {
    quantity: sumOf(units),
    shown: createHash("sha256").update(JSON.stringify(rows)).digest("base64url"),
  };
}

/** An exact sum of decimals as text, for people. */
function sumOf(carried: Carried[]): string {
  const scale = 12;
  const parts = carried.reduce((sum, { quantity }) => {
    const [whole = "0", fraction = ""] = quantity.split(".");
    return sum + BigInt(whole + fraction.padEnd(scale, "0"));
  }, 0n);
  const text = parts.toString().padStart(scale + 1, "0");
  return `${text.slice(0, -scale)}.${text.slice(-scale)}`.replace(/\.?0+$/, "");
}
