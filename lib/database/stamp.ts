import { db, inTransaction, type Tx } from "./client.ts";
import { businessNow } from "./clock.ts";
import { readSql, type Sql } from "./sql.ts";

export type StampProblem = string;

/** The words that a pause begins with when a restore or promotion was noticed. */
export const RESTORED = "The database was restored or promoted.";

/** What has to be done in the transaction that notices a restore; answers what people have to do, in a sentence or two. */
export type AfterRestore = (tx: Tx, now: Date) => Promise<string>;

/**
 * Marks a database with its mode, region and identity at its first start, and checks them at every later one (M0). A
 * database that was restored or promoted is paused, and `afterRestore` marks what it may have forgotten, in one transaction.
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
  if (state.databaseIdentity !== identity) await pauseAfterRestore(identity, afterRestore);
  return null;
}

/**
 * Whether this is still the database that was stamped. A process that lives through a promotion keeps its connections'
 * address and finds another database behind it: asked in the transaction of every attempt (M0).
 */
export async function isAsStamped(sql: Sql): Promise<boolean> {
  const [row] = await sql.rows<{ isSame: boolean }>("as stamped", AS_STAMPED, []);
  return row?.isSame ?? true;
}

/** What a start would do about a restore or promotion, done by a process that may live through one. Asks first. */
export async function watchForRestore(afterRestore: AfterRestore): Promise<void> {
  const [row] = await readSql<{ isSame: boolean }>("as stamped", AS_STAMPED);
  if (row && !row.isSame) await noticeRestore(afterRestore);
}

/** The same, for one that knows. */
export async function noticeRestore(afterRestore: AfterRestore): Promise<void> {
  await pauseAfterRestore(await databaseIdentity(), afterRestore);
}

/** System identifier and timeline: they change with a restore or a promotion. The log's name knows the timeline at once. */
const IDENTITY = `
  SELECT system_identifier || ':' || ('x' || left(pg_walfile_name(pg_current_wal_lsn()), 8))::bit(32)::int AS identity
  FROM pg_control_system()`;
/** As a condition in a statement: true while nobody restored or promoted this database, or everybody knows that somebody did. */
export const IS_AS_STAMPED = `coalesce((SELECT database_identity FROM portal_state) = (${IDENTITY}), true)`;
const AS_STAMPED = `SELECT ${IS_AS_STAMPED} AS "isSame"`;

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

/** The database may have forgotten what AWS was told, so nothing is sent until a person says so. Of several starts one notices. */
async function pauseAfterRestore(identity: string, afterRestore: AfterRestore): Promise<void> {
  const now = await businessNow();
  await inTransaction(async (tx) => {
    const noticed = await tx.portalState.updateMany({
      where: { databaseIdentity: { not: identity } },
      data: { databaseIdentity: identity, pausedAt: now },
    });
    if (noticed.count === 0) return;
    const pausedReason = `${RESTORED} ${await afterRestore(tx, now)}`;
    await tx.portalState.updateMany({ data: { pausedReason } });
  });
}
