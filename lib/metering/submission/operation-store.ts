import { db, Prisma, type Tx } from "../../database/client.ts";
import { uuidv7 } from "../../database/uuid.ts";
import type { Alike, OperationFilter, OperationKind } from "./operation.ts";

/** The records in the queue that a filter names; what is final cannot be decided about. */
function matching(filter: OperationFilter): Prisma.Sql {
  const where = [Prisma.sql`true`];
  if (filter.state) where.push(Prisma.sql`q.state = ${filter.state}`);
  if (filter.productCode) where.push(Prisma.sql`q.product_code = ${filter.productCode}`);
  if (filter.licenseId) where.push(Prisma.sql`q.license_id = ${filter.licenseId}::uuid`);
  if (filter.licenseArn) where.push(Prisma.sql`r.license_arn = ${filter.licenseArn}`);
  if (filter.dimension) where.push(Prisma.sql`q.dimension = ${filter.dimension}`);
  if (filter.reasonCode) where.push(Prisma.sql`q.reason_code = ${filter.reasonCode}`);
  if (filter.from) where.push(Prisma.sql`r.hour >= ${filter.from}::timestamptz`);
  if (filter.to) where.push(Prisma.sql`r.hour < ${filter.to}::timestamptz`);
  return Prisma.sql`FROM queued_record q JOIN usage_record r ON r.id = q.record_id WHERE ${Prisma.join(where, " AND ")}`;
}

/** Whether AWS may have billed what waits: an attempt had no answer, or a refused call carried it with others. */
const PERHAPS_BILLED = Prisma.sql`(q.unanswered OR q.refused_with IS NOT NULL)`;

/** How the records of a filter stand, gathered by what decides about them. */
export async function countAlike(filter: OperationFilter): Promise<Alike[]> {
  const rows = await db().$queryRaw<Omit<Alike, "outcome">[]>`
    SELECT q.state, ${PERHAPS_BILLED} AS unanswered, CASE WHEN q.reason_code IN ('TooLarge', 'Shadow') THEN q.reason_code END AS "reasonCode",
           count(*)::int AS records
    ${matching(filter)} GROUP BY 1, 2, 3 ORDER BY 1, 2, 3`;
  return rows.map((row) => ({ ...row, outcome: null }));
}

/** The first records of a filter that stand like one of these, for people to see why they are left alone. */
export async function findAlike(
  filter: OperationFilter,
  like: { state: string | null; unanswered: boolean }[],
  most: number,
): Promise<{ id: string; state: string; unanswered: boolean; reasonCode: string | null }[]> {
  return db().$queryRaw`
    SELECT q.record_id AS id, q.state, ${PERHAPS_BILLED} AS unanswered, q.reason_code AS "reasonCode"
    ${matching(filter)} AND (q.state, ${PERHAPS_BILLED}) IN (
      SELECT * FROM unnest(${like.map(({ state }) => state)}::text[], ${like.map((one) => one.unanswered)}::boolean[]))
    ORDER BY q.record_id LIMIT ${most}`;
}

/** The newest movement there is: what a person is shown is as of it. Movements are counted up, whatever their time says. */
export async function newestMovement(): Promise<bigint> {
  const [row] = await db().$queryRaw<{ id: bigint }[]>`SELECT coalesce(max(id), 0) AS id FROM movement`;
  return row?.id ?? 0n;
}

/** Whether a record of a filter came to where it stands only after this movement: nobody was shown it so. */
export async function hasMovedSince(filter: OperationFilter, asOf: bigint): Promise<boolean> {
  const rows = await db().$queryRaw`
    SELECT 1 ${matching(filter)} AND q.record_id IN (SELECT record_id FROM movement WHERE id > ${asOf}) LIMIT 1`;
  return Array.isArray(rows) && rows.length > 0;
}

export async function insertOperation(
  tx: Tx,
  of: {
    kind: OperationKind;
    filter: OperationFilter;
    actor: string;
    now: Date;
    matched: number;
    asOf: bigint;
  },
): Promise<string> {
  const { now, ...rest } = of;
  const { id } = await tx.operation.create({ data: { ...rest, id: uuidv7(), createdAt: now } });
  return id;
}

export type OpenOperation = {
  id: string;
  kind: OperationKind;
  filter: OperationFilter;
  actor: string;
  createdAt: Date;
  asOf: bigint;
  cursor: string | null;
  reasons: { id: string; reason: string }[];
  isAborted: boolean;
};

/**
 * The oldest operation, for one worker at a time: a "hold all" after a "release all" must find everything released. Null
 * while another worker is within a chunk.
 */
export async function lockOpenOperation(tx: Tx): Promise<OpenOperation | null> {
  const [turn] = await tx.$queryRaw<{ mine: boolean }[]>`
    SELECT pg_try_advisory_xact_lock(hashtext('operations')) AS mine`;
  if (!turn?.mine) return null;
  const [row] = await tx.$queryRaw<OpenOperation[]>`
    SELECT id, kind, filter, actor, created_at AS "createdAt", as_of AS "asOf", cursor, reasons, aborted_at IS NOT NULL AS "isAborted"
    FROM operation WHERE finished_at IS NULL ORDER BY created_at, id LIMIT 1 FOR UPDATE`;
  return row ?? null;
}

/**
 * Its next records: those that stood there already when it was shown. Moved or sealed since, nobody decided about it. The
 * question is one look per record by the index on movements, however many there are since.
 */
export async function nextRecords(tx: Tx, of: OpenOperation, most: number): Promise<string[]> {
  const after = of.cursor ?? "00000000-0000-0000-0000-000000000000";
  const rows = await tx.$queryRaw<{ id: string }[]>`
    SELECT q.record_id AS id ${matching(of.filter)} AND q.record_id > ${after}::uuid
      AND r.sealed_at <= ${of.createdAt}::timestamptz
      AND (SELECT coalesce(bool_and(m.id <= ${of.asOf}), true) FROM movement m
        WHERE m.series_id = r.series_id AND m.record_id = r.id)
    ORDER BY q.record_id LIMIT ${most}`;
  return rows.map(({ id }) => id);
}

/** Remembers how far it got, in the transaction that got it there. */
export async function advanceOperation(
  tx: Tx,
  id: string,
  step: {
    done: number;
    skipped: number;
    reasons: { id: string; reason: string }[];
    cursor: string | null;
    finishedAt: Date | null;
  },
): Promise<void> {
  const { done, skipped, reasons, cursor, finishedAt } = step;
  await tx.operation.update({
    where: { id },
    data: {
      done: { increment: done },
      skipped: { increment: skipped },
      reasons,
      ...(cursor ? { cursor } : {}),
      finishedAt,
    },
  });
}

/** Asks an operation to stop. Answers whether it was still running. */
export async function markAborted(tx: Tx, of: { id: string; actor: string; now: Date }): Promise<boolean> {
  const { count } = await tx.operation.updateMany({
    where: { id: of.id, finishedAt: null, abortedAt: null },
    data: { abortedAt: of.now, abortedBy: of.actor },
  });
  return count === 1;
}
