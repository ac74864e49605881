import { db, Prisma } from "../../database/client.ts";

/** Somebody's word about a record to be confirmed that waits for a second person. */
export type OpenSettlement = {
  recordId: string;
  reason: string;
  proposedBy: string;
  proposedAt: string;
  dimension: string;
  hour: string;
  quantity: string;
  productName: string;
};

type Row = Omit<OpenSettlement, "proposedAt" | "hour"> & { proposedAt: Date; hour: Date };

/** What waits for a second person, the longest wait first; by the index on what is not settled. */
export async function listOpenSettlements(limit: number): Promise<OpenSettlement[]> {
  return open(Prisma.sql`true`, limit);
}

/** What waits for a second person about one record; null when nobody said anything, or it is settled. */
export async function findOpenSettlement(recordId: string): Promise<OpenSettlement | null> {
  const [settlement] = await open(Prisma.sql`s.record_id = ${recordId}::uuid`, 1);
  return settlement ?? null;
}

async function open(which: Prisma.Sql, limit: number): Promise<OpenSettlement[]> {
  const rows = await db().$queryRaw<Row[]>`
    SELECT s.record_id AS "recordId", s.reason, s.proposed_by AS "proposedBy", s.proposed_at AS "proposedAt",
      r.dimension, r.hour, r.quantity::text AS quantity, coalesce(p.name, p.code) AS "productName"
    FROM settlement s JOIN usage_record r ON r.id = s.record_id JOIN product p ON p.code = r.product_code
    WHERE s.settled_at IS NULL AND ${which} ORDER BY s.proposed_at, s.record_id LIMIT ${limit}`;
  return rows.map(({ proposedAt, hour, ...row }) => ({
    ...row,
    proposedAt: proposedAt.toISOString(),
    hour: hour.toISOString(),
  }));
}
