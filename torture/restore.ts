import { spawnSync } from "node:child_process";
import { appendFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { UsageEvent } from "./books.ts";
import { attemptsOnDisk, readCalls, type Wire } from "./checks/calls.ts";
import { RECORD_KEY } from "./hour-key.ts";
import { sendUsage, type Unanswered } from "./ingest.ts";
import type { Random } from "./random.ts";
import { importTrail } from "./settle.ts";
import type { Stage } from "./stage.ts";
import { businessTime, count, type World } from "./world.ts";

/** Where a copy of the database's files stands, of which kind it is, and when it was made by the sandbox's clock. */
export type Backup = { cluster: string; kind: "a base backup" | "a copy of its files"; at: number };

/** A backup of one of the two kinds. */
export async function takeBackup(world: World, random: Random): Promise<Backup> {
  const { stage } = world;
  const cluster = path.join(stage.folder, "backup");
  rmSync(cluster, { recursive: true, force: true });
  // Nobody goes on in a region that the portal has left: hours that are forgotten are sealed anew where they were told.
  for (const worker of stage.workers) {
    await worker.kill();
    await worker.start();
  }
  const { now } = await businessTime(world);
  const kind = random.chance(0.5) ? "a base backup" : "a copy of its files";
  if (kind === "a base backup") await copyRunning(stage, cluster);
  else await copyStopped(stage, cluster);
  rmSync(path.join(cluster, "postmaster.pid"), { force: true });
  world.say(`makes ${kind}`);
  return { cluster, kind, at: now };
}

/** What a snapshot of the disk holds: the files as of one moment, from which PostgreSQL goes on as after a crash. */
async function copyStopped(stage: Stage, cluster: string): Promise<void> {
  // An immediate shutdown: nobody writes any more, and nothing is finished first.
  await stage.killPostgres("SIGQUIT");
  copy(stage.cluster, cluster);
  await stage.startPostgres();
}

/** Copies the files of the running server as PostgreSQL's manual says (low level base backup). */
async function copyRunning(stage: Stage, cluster: string): Promise<void> {
  const client = await stage.connect();
  try {
    await client.query("SELECT pg_backup_start('torture', true)");
    copy(stage.cluster, cluster);
    const { rows } = await client.query<{ labelfile: string }>("SELECT labelfile FROM pg_backup_stop(false)");
    // The journal that was written meanwhile makes the copy whole.
    copy(path.join(stage.cluster, "pg_wal"), cluster);
    writeFileSync(path.join(cluster, "backup_label"), rows[0]?.labelfile ?? "");
  } finally {
    await client.end().catch(() => undefined);
  }
  // Recovery from a backup ends on a timeline of its own.
  writeFileSync(path.join(cluster, "recovery.signal"), "");
  appendFileSync(path.join(cluster, "postgresql.auto.conf"), "restore_command = 'false'\n");
}

/** Files that a running server removes while they are copied are no part of the backup. */
function copy(from: string, into: string): void {
  const { status } = spawnSync("cp", ["-a", from, into], { stdio: "ignore" });
  if (status !== 0 && status !== 1) throw new Error(`${from} cannot be copied`);
}

/**
 * Everything but AWS goes back to the backup: the database forgets what it told AWS since. The portal has to start paused,
 * send nothing, and take everything it may have told for perhaps told; then people do what it says.
 */
export async function restore(
  world: World,
  random: Random,
  unanswered: Unanswered,
  wire: Wire,
  backup: Backup,
): Promise<string[]> {
  const { stage } = world;
  const findings = readCalls(world, wire);
  await stage.startPostgres();
  const { offsetMs, now } = await businessTime(world);
  count(world, `restores of the database from ${backup.kind}`);
  world.say(
    `restores the database from ${backup.kind} to ${Math.round((now - backup.at) / 60_000)} minutes ago`,
  );
  // Somebody may live through it: their address stays the same, and another database answers there.
  const survivors = random.chance(0.5) ? 1 : 0;
  const dying = [...stage.workers.slice(survivors), ...stage.portals, ...stage.realPortals.slice(survivors)];
  for (const actor of dying) await actor.kill();
  const living = [...stage.workers, ...stage.takers].filter(({ isAlive }) => isAlive);
  count(world, "processes that lived through a restore", living.length);
  for (const { name } of living) world.say(`${name} lives through it`);
  // What a survivor still answers, it answers for the database that is about to be lost.
  await Promise.all(unanswered.underWay);
  const [granted] = await stage.query<{ ms: number }>(
    "SELECT coalesce(max(extract(epoch FROM next_start - clock_timestamp())), 0)::float8 * 1000 AS ms FROM submission_pace",
  );
  const told = await attemptsOf(stage);
  await stage.killPostgres();
  // Starts that the lost database gave are still its own, and are known before they are forgotten.
  await sleep(Math.max(0, granted?.ms ?? 0) + 800);
  findings.push(...readCalls(world, wire));
  rmSync(`${stage.cluster}.lost`, { recursive: true, force: true });
  renameSync(stage.cluster, `${stage.cluster}.lost`);
  renameSync(backup.cluster, stage.cluster);
  // Real time was not restored. Who lives through it may not see the clock as it was then: up to that hour it would doubt.
  for (const worker of living) worker.signal("SIGSTOP");
  await stage.startPostgres();
  await untilRecovered(stage);
  // Of a copy of its files PostgreSQL says nothing: whoever saw an attempt that it does not know has to notice.
  const isNoticed = backup.kind === "a base backup" || !told.isSubsetOf(await attemptsOf(stage));
  if (isNoticed) world.lives++;
  else {
    world.mayNotice = true;
    count(world, "of them copies that AWS was told nothing after");
  }
  await stage.query("UPDATE portal_state SET clock_offset_ms = $1, clock_target = NULL", [offsetMs]);
  // Nor may they seal a forgotten hour anew before it is known which hours the database forgot.
  const forgotten = await forget(world, wire);
  for (const worker of living) worker.signal("SIGCONT");

  const before = world.stage.file.lastCall();
  await stage.revive();
  await sleep(1_500);
  const [state] = await stage.query<{ isPaused: boolean; says: string; doubtful: Date | null; sure: number }>(
    `SELECT paused_at IS NOT NULL AS "isPaused", coalesce(paused_reason, '') AS says, doubtful_until AS doubtful,
       (SELECT count(*)::int FROM queued_record WHERE NOT unanswered) AS sure FROM portal_state`,
  );
  if (isNoticed) {
    if (!state?.isPaused || !/restored/.test(state.says))
      findings.push(`after a restore the portal is not paused: ${JSON.stringify(state)}`);
    if (state && state.sure > 0)
      findings.push(`after a restore ${state.sure} records on their way are not in doubt`);
    if ((state?.doubtful?.getTime() ?? 0) < now)
      findings.push("after a restore the hours up to now are not in doubt");
    const sent = world.stage.file.lastCall() - before;
    if (sent > 0) findings.push(`after a restore ${sent} calls were made before anybody resumed`);
  }
  // Everything AWS was told is in CloudTrail: the file of the lost time is what the portal asks for.
  await importTrail(world);
  if (random.chance(0.5)) await sendAgain(world, random, unanswered, forgotten);
  return findings;
}

/** Products send what was forgotten once more, while nobody has resumed and no hour closes. */
async function sendAgain(
  world: World,
  random: Random,
  unanswered: Unanswered,
  forgotten: UsageEvent[],
): Promise<void> {
  world.say(`products send ${forgotten.length} events again`);
  count(world, "forgotten events that products sent again", forgotten.length);
  for (let from = 0; from < forgotten.length; from += 200)
    await sendUsage(world, unanswered, random, forgotten.slice(from, from + 200));
}

/**
 * A restore is noticed once, whoever notices, and nothing else is taken for one. One that AWS was told nothing after is
 * noticed by those who saw how far the log went.
 */
export async function checkLives(world: World): Promise<string[]> {
  const [state] = await world.stage.query<{ lives: number }>(
    "SELECT cardinality(lives) AS lives FROM portal_state",
  );
  if (world.mayNotice && state?.lives === world.lives + 1) {
    world.lives++;
    count(world, "of these noticed by their log");
  }
  world.mayNotice = false;
  if (state?.lives === world.lives) return [];
  return [`the database is in its life ${state?.lives} instead of ${world.lives}`];
}

async function attemptsOf(stage: Stage): Promise<Set<string>> {
  const rows = await stage.query<{ id: string }>("SELECT id FROM submission");
  return new Set(rows.map(({ id }) => id));
}

async function untilRecovered(stage: Stage): Promise<void> {
  for (let tries = 0; tries < 200; tries++) {
    const [row] = await stage
      .query<{ busy: boolean }>("SELECT pg_is_in_recovery() AS busy")
      .catch(() => [{ busy: true }]);
    if (row?.busy === false) return;
    await sleep(50);
  }
  throw new Error("the restored database does not come up");
}

/**
 * The torture forgets with the database what only the lost time knew; what AWS holds of it is remembered as such. Answers
 * the usage events among it.
 */
async function forget(world: World, wire: Wire): Promise<UsageEvent[]> {
  const { stage, books } = world;
  const events = await stage.query<{ id: string }>("SELECT DISTINCT event_id AS id FROM usage_event");
  const lost = books.keepOnly(new Set(events.map(({ id }) => id)));
  const billed = await stage.query<{ key: string }>(
    `SELECT ${RECORD_KEY} AS key FROM usage_record r JOIN record_outcome o ON o.record_id = r.id AND o.state = 'accepted'`,
  );
  const known = new Set(billed.map(({ key }) => key));
  for (const { key } of stage.file.ledger()) if (!known.has(key)) world.forgotten.add(key);
  const attempts = await attemptsOnDisk(world);
  for (const [key, told] of wire.told) {
    const times = attempts.get(key);
    if (times === undefined) {
      // It may be sealed anew, with another number: AWS will say that it has one.
      world.forgotten.add(key);
      wire.told.delete(key);
    } else wire.told.set(key, { ...told, times: Math.min(told.times, times) });
  }
  world.say(`the database forgot ${lost.length} events`);
  return lost;
}
