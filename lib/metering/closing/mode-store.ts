import type { Tx } from "../../database/client.ts";
import { IN_SHADOW } from "./cap.ts";

/** Whether another program tells AWS this hour of a product. */
export async function isShadowHour(tx: Tx, of: { productCode: string; hour: Date }): Promise<boolean> {
  const [row] = await tx.$queryRaw<{ isShadow: boolean }[]>`
    SELECT coalesce(shadow_from <= ${of.hour}::timestamptz
      AND (shadow_until IS NULL OR shadow_until > ${of.hour}::timestamptz), false) AS "isShadow"
    FROM product WHERE code = ${of.productCode}`;
  return row?.isShadow ?? false;
}

export type ModeStanding = {
  mode: "live" | "paused" | "shadow";
  shadowFrom: Date | null;
  shadowUntil: Date | null;
  closedThrough: Date;
  /** An hour that is closed is not sealed yet. */
  isBehind: boolean;
  /** Records that this portal tells AWS and that are not at their end. Those of which AWS holds another number give nothing back. */
  onTheWay: number;
  /** Usage of hours that are closed, counted in one that is not: this portal's, whoever tells that hour. */
  hasLateUsage: boolean;
  /** Whole units that no sealed hour holds: they would go into the next one. */
  carried: string;
};

/** Holds a product's hours still, and says how it is metered; null when nobody knows it. */
export async function lockMode(tx: Tx, productCode: string): Promise<ModeStanding | null> {
  await tx.$queryRaw`SELECT 1 FROM product_closing WHERE product_code = ${productCode} FOR UPDATE`;
  const [row] = await tx.$queryRaw<ModeStanding[]>`
    SELECT p.mode, p.shadow_from AS "shadowFrom", p.shadow_until AS "shadowUntil", c.closed_through AS "closedThrough",
      EXISTS (SELECT 1 FROM closed_hour h WHERE h.product_code = p.code AND h.sealed_at IS NULL) AS "isBehind",
      (SELECT count(*)::int FROM queued_record q JOIN usage_record r ON r.id = q.record_id
        WHERE q.product_code = p.code AND r.quantity > 0 AND NOT (q.state = 'held' AND q.reason_code = ${IN_SHADOW.code})
          AND NOT (q.state = 'rejected' AND EXISTS (SELECT 1 FROM submission_record t JOIN submission_result a
            ON a.submission_id = t.submission_id AND a.record_id = t.record_id
            WHERE t.record_id = q.record_id AND a.status = 'DuplicateRecord'))) AS "onTheWay",
      EXISTS (SELECT 1 FROM usage_event e WHERE e.product_code = p.code AND e.hour >= c.closed_through
        AND e.occurred_at < c.closed_through AND e.day >= c.closed_through::date - 2 AND e.voided_at IS NULL) AS "hasLateUsage",
      (SELECT coalesce(sum(floor(r.quantity)), 0)::text FROM remainder r JOIN series s ON s.id = r.series_id
        WHERE s.product_code = p.code AND r.quantity >= 1) AS carried
    FROM product p JOIN product_closing c ON c.product_code = p.code WHERE p.code = ${productCode} FOR UPDATE OF p`;
  return row ?? null;
}

/** Another program tells AWS the hours from this one on; a product that is paused stays so, and resumes into its shadow. */
export async function writeShadow(tx: Tx, productCode: string, from: Date): Promise<void> {
  await tx.$executeRaw`
    UPDATE product SET shadow_from = ${from}::timestamptz, shadow_until = NULL,
      mode = CASE mode WHEN 'paused' THEN mode ELSE 'shadow' END
    WHERE code = ${productCode}`;
}

/** The hours from this one on are told by this portal; a product that is paused stays so. */
export async function writeLive(tx: Tx, productCode: string, from: Date): Promise<void> {
  await tx.$executeRaw`
    UPDATE product SET shadow_until = CASE WHEN shadow_from < ${from}::timestamptz THEN ${from}::timestamptz END,
      shadow_from = CASE WHEN shadow_from < ${from}::timestamptz THEN shadow_from END,
      mode = CASE mode WHEN 'paused' THEN mode ELSE 'live' END
    WHERE code = ${productCode}`;
}
