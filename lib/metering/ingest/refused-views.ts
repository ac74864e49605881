import { db, Prisma } from "../../database/client.ts";
import type { Alarm } from "../../outbox/shapes.ts";
import { addHours, REPLAY_HOURS } from "../hours.ts";
import type { RefusalCode } from "./shapes.ts";

export type RefusedView = {
  id: string;
  code: RefusalCode;
  message: string;
  /** The JSON of the event as it was sent, or its beginning. */
  raw: string;
  firstAt: string;
  lastAt: string;
  times: number;
  replayedAt: string | null;
  /** Whether a replay would still take it. */
  replayable: boolean;
};

/** Refused events, the newest first. The cursor is the last row's. */
export async function listRefused(
  of: { code?: RefusalCode | undefined; open?: boolean | undefined; now: Date },
  page: { cursor?: string | undefined; limit: number },
): Promise<{ items: RefusedView[]; nextCursor: string | null }> {
  const where = [Prisma.sql`true`];
  if (of.code) where.push(Prisma.sql`code = ${of.code}`);
  if (of.open) where.push(Prisma.sql`replayed_at IS NULL`);
  const after = page.cursor === undefined ? null : readCursor(page.cursor);
  if (after) where.push(Prisma.sql`(last_at, id) < (${after.lastAt}::timestamptz, ${after.id}::bigint)`);
  type Row = Omit<RefusedView, "id" | "firstAt" | "lastAt" | "replayedAt" | "replayable"> & {
    id: bigint;
    isWhole: boolean;
    firstAt: Date;
    lastAt: Date;
    replayedAt: Date | null;
  };
  const rows = await db().$queryRaw<Row[]>`
    SELECT id, code, message, raw, is_whole AS "isWhole", first_at AS "firstAt", last_at AS "lastAt", times,
           replayed_at AS "replayedAt"
    FROM refused_event WHERE ${Prisma.join(where, " AND ")} ORDER BY last_at DESC, id DESC LIMIT ${page.limit + 1}`;
  const items = rows.slice(0, page.limit);
  const last = rows.length > page.limit ? items.at(-1) : undefined;
  const since = addHours(of.now, -REPLAY_HOURS);
  return {
    items: items.map(({ isWhole, ...row }) => ({
      ...row,
      id: String(row.id),
      firstAt: row.firstAt.toISOString(),
      lastAt: row.lastAt.toISOString(),
      replayedAt: row.replayedAt?.toISOString() ?? null,
      replayable: isWhole && row.replayedAt === null && row.firstAt >= since,
    })),
    nextCursor: last ? `${last.lastAt.getTime()}-${last.id}` : null,
  };
}

function readCursor(text: string): { lastAt: Date; id: bigint } | null {
  const [, at, id] = /^(\d{1,15})-(\d{1,18})$/.exec(text) ?? [];
  return at && id ? { lastAt: new Date(Number(at)), id: BigInt(id) } : null;
}

/** One in this many events may be refused before people hear of it. */
const ONE_IN = 100;
/** Up to here the hour's accepted events are counted one by one; beyond, one block in a hundred is. */
const MOST_COUNTED = 200_000;

/** More than one percent of the last hour's events were refused: somebody's usage is not billed. */
export async function refusedAlarms(now: Date): Promise<Alarm[]> {
  const since = addHours(now, -1);
  const rows = await db().$queryRaw<{ code: RefusalCode; events: bigint }[]>`
    SELECT code, sum(events)::bigint AS events FROM refused_minute WHERE minute > ${since}::timestamptz
    GROUP BY code ORDER BY sum(events) DESC, code`;
  const refused = rows.reduce((sum, { events }) => sum + Number(events), 0);
  if (refused === 0) return [];
  // Enough accepted ones make it at most one percent: no more are counted than that takes.
  const enough = refused * (ONE_IN - 1);
  if ((await countAccepted(since, enough)) >= enough) return [];
  const reasons = rows.map(({ code, events }) => `${code} ${events}`).join(", ");
  return [
    {
      code: "usage.refused",
      subject: "",
      severity: "danger",
      message: `${refused === 1 ? "1 event" : `${refused} events`} of the last hour, more than one in a hundred, were refused (${reasons}). They are kept: mend the cause, then replay them within a day.`,
    },
  ];
}

/** How many events were accepted since a moment, as far as it matters. */
async function countAccepted(since: Date, enough: number): Promise<number> {
  // What came since then counts in an hour that was open then: the one before it at the earliest.
  const events = Prisma.sql`day >= ${since}::timestamptz::date - 2 AND received_at >= ${since}::timestamptz`;
  if (enough <= MOST_COUNTED) {
    const [row] = await db().$queryRaw<{ n: number }[]>`
      SELECT count(*)::int AS n FROM (SELECT 1 FROM usage_event
        WHERE hour >= date_trunc('hour', ${since}::timestamptz, 'UTC') - interval '1 hour' AND ${events} LIMIT ${enough}) AS newest`;
    return row?.n ?? 0;
  }
  const [row] = await db().$queryRaw<{ n: number }[]>`
    SELECT (count(*) * 100)::int AS n FROM usage_event TABLESAMPLE SYSTEM (1) WHERE ${events}`;
  return row?.n ?? 0;
}
