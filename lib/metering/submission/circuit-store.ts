import { Prisma, type Tx } from "../../database/client.ts";
import type { Sql } from "../../database/sql.ts";
import { type Cause, cohortId, MOST_UNBLAMED, nextCircuitProbe, nextCohortProbe } from "./blame.ts";
import { causesOf } from "./cause-key.ts";
import { BASE_SPACING_MS } from "./start-gate.ts";
import { firstEnd, firstEndIn } from "./window-store.ts";

/** However busy AWS is, two calls a second still go out. */
const WIDEST_SPACING_MS = 500;

type Why = { code: string; message: string };

/** Whether a product's records may be blamed: when AWS last billed something of it. Locks its turn. */
export async function lockTurn(
  tx: Tx,
  productCode: string,
  region: string,
): Promise<{ lastAcceptedAt: Date | null }> {
  await tx.$executeRaw`
    INSERT INTO product_turn (product_code, region) VALUES (${productCode}, ${region}) ON CONFLICT DO NOTHING`;
  const [row] = await tx.$queryRaw<{ lastAcceptedAt: Date | null }[]>`
    SELECT last_accepted_at AS "lastAcceptedAt" FROM product_turn
    WHERE product_code = ${productCode} AND region = ${region} FOR UPDATE`;
  return { lastAcceptedAt: row?.lastAcceptedAt ?? null };
}

/**
 * AWS billed something of a product: it works, and whoever is refused from now on is refused for its own sake. As a rule
 * that is known: then the row, which every claim of the product needs, is not touched.
 */
export async function noteAccepted(tx: Tx, productCode: string, region: string, now: Date): Promise<void> {
  await tx.$executeRaw`
    UPDATE product_turn SET last_accepted_at = greatest(last_accepted_at, ${now}::timestamptz), unblamed = 0,
      open_since = NULL, reason_code = NULL, reason_message = NULL, next_probe_at = NULL, probes = 0
    WHERE product_code = ${productCode} AND region = ${region}
      AND (last_accepted_at IS NULL OR last_accepted_at <= last_refused_at OR unblamed > 0 OR open_since IS NOT NULL)`;
}

/** AWS refused a call: one of several is the reason and looked for among them, or the only one is it. */
export async function noteRefused(
  tx: Tx,
  of: { productCode: string; region: string; now: Date },
  isAmongSeveral: boolean,
): Promise<void> {
  await tx.$executeRaw`
    UPDATE product_turn SET last_refused_at = greatest(last_refused_at, ${of.now}::timestamptz),
      culprit_since = CASE WHEN ${isAmongSeveral}::boolean THEN ${of.now}::timestamptz END
    WHERE product_code = ${of.productCode} AND region = ${of.region}`;
}

/** A refusal that blames nobody yet. A few of them without anything accepted open the product's circuit. */
export async function noteUnblamed(
  tx: Tx,
  of: { productCode: string; region: string; now: Date },
  why: Why,
): Promise<void> {
  const probeAt = nextCircuitProbe(of.now, 0, await firstEndIn(tx, of, of.now));
  await tx.$executeRaw`
    UPDATE product_turn SET unblamed = unblamed + 1,
      open_since = CASE WHEN unblamed + 1 >= ${MOST_UNBLAMED} THEN coalesce(open_since, ${of.now}::timestamptz) END,
      next_probe_at = CASE WHEN unblamed + 1 >= ${MOST_UNBLAMED}
        THEN coalesce(next_probe_at, ${probeAt}::timestamptz) END,
      reason_code = ${why.code}, reason_message = ${why.message}
    WHERE product_code = ${of.productCode} AND region = ${of.region}`;
}

/** AWS refuses our set-up: the account's circuit opens, nobody's record is blamed, one call probes. */
export async function openAccount(tx: Tx, region: string, now: Date, why: Why): Promise<void> {
  const probeAt = nextCircuitProbe(now, 0, await firstEndIn(tx, { region, productCode: null }, now));
  // The row is made by the first start, and a set-up can be broken before there ever was one.
  await tx.$executeRaw`
    INSERT INTO submission_pace AS pace (region, next_start, spacing_ms, open_since, reason_code, reason_message, next_probe_at)
    VALUES (${region}, clock_timestamp(), ${BASE_SPACING_MS}, ${now}::timestamptz, ${why.code}, ${why.message},
      ${probeAt}::timestamptz)
    ON CONFLICT (region) DO UPDATE SET open_since = coalesce(pace.open_since, EXCLUDED.open_since),
      reason_code = EXCLUDED.reason_code, reason_message = EXCLUDED.reason_message,
      next_probe_at = coalesce(pace.next_probe_at, EXCLUDED.next_probe_at)`;
}

/**
 * AWS read a call of ours: the set-up is fine, and its pace suits AWS (or did not). As a rule nothing changes: then the row,
 * which every start of the region needs, is not touched.
 */
export async function noteRead(tx: Tx, region: string, wasBusy: boolean): Promise<void> {
  await tx.$executeRaw`
    UPDATE submission_pace SET
      spacing_ms = CASE WHEN ${wasBusy}::boolean THEN least(${WIDEST_SPACING_MS}, greatest(${BASE_SPACING_MS}, spacing_ms) * 2)
        ELSE least(spacing_ms, greatest(${BASE_SPACING_MS}, spacing_ms * 3 / 4)) END,
      open_since = NULL, reason_code = NULL, reason_message = NULL, next_probe_at = NULL, probes = 0
    WHERE region = ${region} AND (${wasBusy}::boolean OR spacing_ms > ${BASE_SPACING_MS} OR open_since IS NOT NULL)`;
}

/** Sets every record of a cause aside; one of them probes from time to time (M4). `end`: of the refused record's window. */
export async function setAside(
  tx: Tx,
  of: { productCode: string; region: string; recordId: string; end: Date; now: Date },
  cause: Cause,
  why: Why,
): Promise<void> {
  const { productCode, region, end, now } = of;
  const id = cohortId(productCode, region, cause);
  const { nextProbeAt } = await tx.cohort.upsert({
    where: { id },
    create: {
      id,
      productCode,
      region,
      kind: cause.kind,
      cause: cause.key,
      reasonCode: why.code,
      reasonMessage: why.message,
      since: now,
      nextProbeAt: nextCohortProbe(now, 0, { end, cohorts: 1 }),
    },
    update: {},
  });
  await tx.$executeRaw`
    UPDATE queued_record SET cohort_id = ${id}, next_attempt_at = ${nextProbeAt}::timestamptz,
      reason_code = ${why.code}, reason_message = ${why.message}
    WHERE turn_key(product_code, region) = turn_key(${productCode}, ${region})
      AND product_code = ${productCode} AND region = ${region} AND state IN ('sealed', 'rejected')
      AND (cohort_id IS NULL OR record_id = ${of.recordId}::uuid)
      AND (${cause.kind}::text, ${cause.key}::text) IN (${Prisma.raw(causesOf("queued_record"))})`;
}

/**
 * A probe went through: the cause is mended, and everything set aside for it goes out at once. What was seen in a refused
 * call goes alone (M4): the cause may be this one's own, and is, if AWS takes others from now on and refuses it again.
 */
export async function releaseCohort(tx: Tx, id: string, now: Date): Promise<void> {
  await tx.cohort.deleteMany({ where: { id } });
  await tx.$executeRaw`
    UPDATE queued_record SET cohort_id = NULL, refused_since = CASE WHEN suspect THEN ${now}::timestamptz END,
      next_attempt_at = CASE WHEN next_attempt_at IS NULL THEN NULL ELSE ${now}::timestamptz END
    WHERE cohort_id = ${id}`;
}

/** Says when a cohort is tried next; everybody in it waits for that. */
export async function postponeCohort(sql: Sql, id: string, now: Date): Promise<void> {
  const [[cohort], end] = await Promise.all([
    sql.rows<{ probes: number; cohorts: number }>("cohort", COHORT, [id]),
    firstEnd(sql, { cohortId: id }, now),
  ]);
  if (!cohort) return;
  const nextProbeAt = nextCohortProbe(now, cohort.probes + 1, { end, cohorts: cohort.cohorts });
  await sql.rows(
    "postpone a cohort",
    "UPDATE cohort SET next_probe_at = $2::timestamptz, probes = probes + 1 WHERE id = $1",
    [id, nextProbeAt],
  );
  await sql.rows(
    "postpone its records",
    `UPDATE queued_record SET next_attempt_at = $2::timestamptz
     WHERE cohort_id = $1 AND state IN ('sealed', 'rejected')`,
    [id, nextProbeAt],
  );
}

const COHORT = `
  SELECT probes, (SELECT count(*)::int FROM cohort o WHERE o.region = c.region) AS cohorts FROM cohort c WHERE id = $1`;

/** A person touched records that are set aside: each of their causes is probed at once. */
export async function hurryCohorts(tx: Tx, recordIds: string[], now: Date): Promise<void> {
  await tx.$executeRaw`
    UPDATE cohort SET next_probe_at = ${now}::timestamptz, probes = 0
    WHERE id IN (SELECT cohort_id FROM queued_record WHERE record_id = ANY(${recordIds}::uuid[]))`;
}
