import { db, Prisma, type Tx } from "../../database/client.ts";
import type { RefusalCode } from "./shapes.ts";

export type RefusedRow = {
  contentKey: Buffer<ArrayBuffer>;
  raw: string;
  isWhole: boolean;
  code: RefusalCode;
  message: string;
};

/** Keeps what a request was refused, and counts it, in one statement. The same event again only counts. */
export async function insertRefused(tx: Tx, rows: RefusedRow[], now: Date): Promise<void> {
  const column = <Value>(pick: (row: RefusedRow) => Value) => rows.map(pick);
  // In the order of the key, so that two requests with the same events do not wait for each other in a ring.
  await tx.$executeRaw`
    WITH given AS (
      SELECT * FROM unnest(${column((row) => row.contentKey)}::bytea[], ${column((row) => row.raw)}::text[],
        ${column((row) => row.isWhole)}::boolean[], ${column((row) => row.code)}::text[],
        ${column((row) => row.message)}::text[]) AS g (content_key, raw, is_whole, code, message)
    ), kept AS (
      INSERT INTO refused_event AS r (content_key, raw, is_whole, code, message, first_at, last_at, times)
      SELECT content_key, min(raw), bool_and(is_whole), min(code), min(message), ${now}::timestamptz,
        ${now}::timestamptz, count(*) FROM given GROUP BY content_key ORDER BY content_key
      ON CONFLICT (content_key) DO UPDATE SET times = r.times + EXCLUDED.times, last_at = EXCLUDED.last_at,
        code = EXCLUDED.code, message = EXCLUDED.message
    )
    INSERT INTO refused_minute AS m (minute, code, events)
    SELECT date_trunc('minute', ${now}::timestamptz), code, count(*) FROM given GROUP BY code ORDER BY code
    ON CONFLICT (minute, code) DO UPDATE SET events = m.events + EXCLUDED.events`;
}

export type StoredRefusal = { id: bigint; raw: string; firstAt: Date };
type Choice = { ids?: bigint[] | undefined; code?: RefusalCode | undefined; since: Date };

/** The next refused events of a choice that can be replayed, in order. Locks them for one replay. */
export async function lockRefused(
  tx: Tx,
  of: Choice & { after: bigint; most: number },
): Promise<StoredRefusal[]> {
  return tx.$queryRaw<StoredRefusal[]>`
    SELECT id, raw, first_at AS "firstAt" FROM refused_event WHERE ${replayable(of)} AND id > ${of.after}
    ORDER BY id LIMIT ${of.most} FOR UPDATE SKIP LOCKED`;
}

/** How many refused events of a choice a replay would take. */
export async function countReplayable(of: Choice): Promise<number> {
  const [row] = await db().$queryRaw<{ n: number }[]>`
    SELECT count(*)::int AS n FROM refused_event WHERE ${replayable(of)}`;
  return row?.n ?? 0;
}

function replayable({ ids, code, since }: Choice): Prisma.Sql {
  const where = [Prisma.sql`replayed_at IS NULL AND is_whole AND first_at >= ${since}::timestamptz`];
  if (ids) where.push(Prisma.sql`id = ANY(${ids}::bigint[])`);
  if (code) where.push(Prisma.sql`code = ${code}`);
  return Prisma.join(where, " AND ");
}

/** Remembers what a replay came to: what is counted now, and why the others were refused again. */
export async function markReplayed(
  tx: Tx,
  done: { counted: bigint[]; refused: { id: bigint; code: RefusalCode; message: string }[]; now: Date },
): Promise<void> {
  await tx.refusedEvent.updateMany({ where: { id: { in: done.counted } }, data: { replayedAt: done.now } });
  await tx.$executeRaw`
    UPDATE refused_event r SET code = g.code, message = g.message
    FROM unnest(${done.refused.map(({ id }) => id)}::bigint[], ${done.refused.map(({ code }) => code)}::text[],
      ${done.refused.map(({ message }) => message)}::text[]) AS g (id, code, message)
    WHERE r.id = g.id`;
}

/** Forgets the oldest beyond a number, what is older than a moment, and counts nobody asks for. Answers how many went. */
export async function deleteOldRefused(of: { most: number; before: Date; counts: Date }): Promise<number> {
  const gone = await db().$executeRaw`
    DELETE FROM refused_event WHERE last_at < ${of.before}::timestamptz OR (last_at, id) <= (
      SELECT last_at, id FROM refused_event ORDER BY last_at DESC, id DESC OFFSET ${of.most} LIMIT 1)`;
  await db().$executeRaw`DELETE FROM refused_minute WHERE minute < ${of.counts}::timestamptz`;
  return gone;
}
