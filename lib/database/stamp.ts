import { db } from "./client.ts";

export type StampProblem = string;

/**
 * Marks a database with its mode and identity at its first start, and checks both at every later one (M0).
 * @returns a line that says why this process must not use this database, or null.
 */
export async function stampDatabase(mode: "sandbox" | "live"): Promise<StampProblem | null> {
  const identity = await databaseIdentity();
  await db().$executeRaw`
    INSERT INTO portal_state (id, mode, database_identity) VALUES (1, ${mode}, ${identity}) ON CONFLICT (id) DO NOTHING`;
  const state = await db().portalState.findUniqueOrThrow({ where: { id: 1 } });
  if (state.mode !== mode) {
    return `DATABASE_URL leads to a ${state.mode} database, but PORTAL_MODE is ${mode}: use another database`;
  }
  if (mode === "live") {
    const unsafe = await unsafeSettings();
    if (unsafe.length > 0) return `PostgreSQL may forget answered commits: turn on ${unsafe.join(", ")}`;
  }
  if (state.databaseIdentity !== identity) await pauseAfterRestore(identity);
  return null;
}

/** System identifier and timeline: they change with a restore or a promotion. */
async function databaseIdentity(): Promise<string> {
  const [row] = await db().$queryRaw<{ identity: string }[]>`
    SELECT s.system_identifier || ':' || c.timeline_id AS identity FROM pg_control_system() s, pg_control_checkpoint() c`;
  return row?.identity ?? "unknown";
}

async function unsafeSettings(): Promise<string[]> {
  const rows = await db().$queryRaw<{ name: string }[]>`
    SELECT name FROM pg_settings
    WHERE name IN ('fsync', 'full_page_writes', 'synchronous_commit') AND setting = 'off' ORDER BY name`;
  return rows.map((row) => row.name);
}

/** The database may have forgotten what AWS was told, so nothing is sent until a person says so. */
async function pauseAfterRestore(identity: string): Promise<void> {
  await db().portalState.update({
    where: { id: 1 },
    data: {
      databaseIdentity: identity,
      pausedAt: new Date(),
      pausedReason:
        "The database was restored or promoted. Check with AWS what it was told since, then resume.",
    },
  });
}
