import { db, inTransaction, Prisma, type Tx } from "./client.ts";
import { businessNow } from "./clock.ts";
import { holdSealings } from "./region.ts";
import { readSql, type Sql } from "./sql.ts";
import { bearWitness, recallWitness, type Witness, witness } from "./witness.ts";

export type StampProblem = string;

/** The words that a pause begins with when a restore or promotion was noticed. */
export const RESTORED = "The database was restored or promoted.";

/** What has to be done in the transaction that notices a restore; answers what people have to do, in a sentence or two. */
export type AfterRestore = (tx: Tx, now: Date) => Promise<string>;

/**
 * Marks a database with its mode, region and identity at its first start, and checks them at every later one (M0), as well
 * as that it knows what the witness of earlier processes knows (witness.ts). A database that was restored or promoted is
 * paused, and `afterRestore` marks what it may have forgotten, in one transaction.
 * @returns a line that says why this process must not use this database, or null.
 */
export async function stampDatabase(
  { mode, region }: { mode: "sandbox" | "live"; region: string },
  afterRestore: AfterRestore,
): Promise<StampProblem | null> {
  const identity = await databaseIdentity();
  await db().$executeRaw`
    INSERT INTO portal_state AS state (id, mode, region, database_identity) VALUES (1, ${mode}, ${region}, ${identity})
    ON CONFLICT (id) DO UPDATE SET region = EXCLUDED.region WHERE state.region IS NULL`;
  const state = await db().portalState.findUniqueOrThrow({ where: { id: 1 } });
  if (state.mode !== mode) {
    return `DATABASE_URL leads to a ${state.mode} database, but PORTAL_MODE is ${mode}: use another database`;
  }
  if (state.region !== region) {
    return `This database's usage is told to AWS in ${state.region}, but AWS_REGION is ${region}: set AWS_REGION=${state.region}, or move with npm run portal -- change-region ${region}`;
  }
  if (mode === "live") {
    const unsafe = await unsafeSettings();
    if (unsafe.length > 0) return `PostgreSQL may forget answered commits: turn on ${unsafe.join(", ")}`;
  }
  const [database] = state.lives;
  if (database) await recallWitness(database);
  await watchForRestore(afterRestore);
  return null;
}

/** What a process sees when it looks at its database. */
type Seen = Witness & { hasForgotten: boolean };

/**
 * Whether this is the database that was stamped, and knows what this process knows; null: it is not, or does not. A process
 * that lives through a restore or promotion keeps its connections' address and finds another database behind it: asked in
 * the transaction of every attempt (M0). What was seen is for bearWitness, once that transaction has ended well.
 */
export async function seeAsStamped(sql: Sql): Promise<Witness | null> {
  const { text, values } = look();
  const [seen] = await sql.rows<Seen>("look", text, values);
  if (!seen) throw new Error("this database was not stamped");
  return seen.hasForgotten ? null : witnessOf(seen);
}

/** What a start would do about a restore or promotion, done by a process that may live through one. Asks first. */
export async function watchForRestore(afterRestore: AfterRestore): Promise<void> {
  const { text, values } = look();
  const [seen] = await readSql<Seen>("look", text, values);
  if (seen?.hasForgotten) await noticeRestore(afterRestore);
  else if (seen) bearWitness(witnessOf(seen));
}

const witnessOf = ({ hasForgotten: _, ...seen }: Seen): Witness => seen;

/** System identifier and timeline: they change with a restore or a promotion. The log's name knows the timeline at once. */
const IDENTITY = `
  SELECT system_identifier || ':' || ('x' || left(pg_walfile_name(pg_current_wal_lsn()), 8))::bit(32)::int AS identity
  FROM pg_control_system()`;

/**
 * As a condition on portal_state's row: true while nobody has noticed that this database was restored or promoted. Either
 * PostgreSQL says so, or it does not know a life or an attempt that this process knows, or its log ends before where this
 * process saw it on the disk. A life that is not the last one is over: somebody has noticed, and what was seen in it is in
 * doubt already.
 */
function hasForgotten(): Prisma.Sql {
  const { life = null, attempt = null, position = null } = witness() ?? {};
  const knowsAttempt = Prisma.sql`(${attempt}::uuid IS NULL OR EXISTS (SELECT 1 FROM submission WHERE id = ${attempt}::uuid))`;
  return Prisma.sql`(database_identity <> (${Prisma.raw(IDENTITY)}) OR ${life}::uuid <> ALL (lives)
    OR (${life}::uuid = lives[cardinality(lives)]
      AND (NOT ${knowsAttempt} OR ${position}::pg_lsn > pg_current_wal_flush_lsn())))`;
}

/** The same as a condition in any statement. */
export function isRestored(): Prisma.Sql {
  return Prisma.sql`EXISTS (SELECT 1 FROM portal_state WHERE ${hasForgotten()})`;
}

/**
 * Whether this database was restored and nobody has resumed since, noticed or not: until then no hour closes, so that usage
 * that was forgotten can be sent again and be counted in its own hour (docs/decisions/0009-witness.md).
 */
export async function isRestoreOpen(tx: Tx): Promise<boolean> {
  const [row] = await tx.$queryRaw<{ isOpen: boolean }[]>`
    SELECT EXISTS (SELECT 1 FROM portal_state WHERE ${hasForgotten()}
      OR (paused_at IS NOT NULL AND starts_with(paused_reason, ${RESTORED}))) AS "isOpen"`;
  return row?.isOpen ?? false;
}

/** One text, whatever is known: parsed once per connection. */
function look(): { text: string; values: (string | null)[] } {
  const { text, values } = Prisma.sql`
    SELECT ${hasForgotten()} IS TRUE AS "hasForgotten", lives[1] AS database, lives[cardinality(lives)] AS life,
      (SELECT id FROM submission ORDER BY at DESC LIMIT 1) AS attempt, pg_current_wal_flush_lsn()::text AS position
    FROM portal_state`;
  return { text, values: values as (string | null)[] };
}

async function databaseIdentity(): Promise<string> {
  const [row] = await readSql<{ identity: string }>("database identity", IDENTITY);
  return row?.identity ?? "unknown";
}

async function unsafeSettings(): Promise<string[]> {
  const rows = await db().$queryRaw<{ name: string }[]>`
    SELECT name FROM pg_settings
    WHERE name IN ('fsync', 'full_page_writes', 'synchronous_commit') AND setting = 'off' ORDER BY name`;
  return rows.map((row) => row.name);
}

/**
 * The database may have forgotten what AWS was told, so nothing is sent until a person says so. Of several processes one
 * notices: the life that it begins tells the others that what they know is in doubt already. It looks again, unless a
 * person is certain.
 */
export async function noticeRestore(afterRestore: AfterRestore, { isCertain = false } = {}): Promise<void> {
  const now = await businessNow();
  const life = witness()?.life ?? null;
  await inTransaction(async (tx) => {
    await holdSealings(tx);
    const noticed = await tx.$executeRaw`
      UPDATE portal_state SET database_identity = (${Prisma.raw(IDENTITY)}), paused_at = ${now}::timestamptz, lives =
        CASE WHEN ${life}::uuid <> ALL (lives) THEN lives || ${life}::uuid ELSE lives END || gen_random_uuid()
      WHERE ${isCertain} OR ${hasForgotten()}`;
    if (noticed === 0) return;
    const pausedReason = `${RESTORED} ${await afterRestore(tx, now)}`;
    await tx.portalState.updateMany({ data: { pausedReason } });
  });
}
