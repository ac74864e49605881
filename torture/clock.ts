import type { Random } from "./random.ts";
import { businessTime, count, type World } from "./world.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** An event without a time is remembered 48 hours: within a round nothing is sent again later than that. */
const MOST_MS = 36 * HOUR;

/** Asks a portal to walk the clock, as the sandbox's strip does: everything due on the way is run. */
export async function walk(world: World, random: Random, seconds: number, withinMs = 60_000): Promise<void> {
  if (world.movedMs + seconds * 1000 > MOST_MS) return;
  world.movedMs += seconds * 1000;
  count(world, "walks of the clock");
  world.say(`walks ${Math.round(seconds / 60)} min`);
  await random.pick(world.stage.portals).ask("advance", { seconds }, withinMs);
}

/**
 * Moves both clocks at once to a moment, with nothing run in between: what is due falls on the workers together. Nobody
 * may be walking; `skewMs` lets AWS's clock differ from ours.
 */
export async function jump(world: World, byMs: number, skewMs = 0): Promise<boolean> {
  if (world.movedMs + byMs > MOST_MS) return false;
  const client = await world.stage.connect();
  try {
    await client.query("BEGIN");
    const { rows } = await client.query<{ mine: boolean; ms: number; walking: boolean }>(
      `SELECT pg_try_advisory_xact_lock(hashtext('walk the clock')) AS mine, clock_offset_ms::float8 AS ms,
         clock_target IS NOT NULL AS walking FROM portal_state`,
    );
    const [row] = rows;
    if (!row?.mine || row.walking) return false;
    const offsetMs = row.ms + Math.round(byMs);
    await world.stage.ask("PUT", "clock", { offsetMs: offsetMs + Math.round(skewMs) });
    await client.query("UPDATE portal_state SET clock_offset_ms = $1", [offsetMs]);
    await client.query("COMMIT");
    world.movedMs += byMs;
    count(world, skewMs === 0 ? "jumps of the clock" : "clocks that differ");
    world.say(`jumps ${Math.round(byMs / MINUTE)} min, AWS ${Math.round(skewMs / MINUTE)} min ahead of us`);
    return true;
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** To a few minutes before the first deadline of what waits. */
export async function jumpToDeadline(world: World, random: Random): Promise<void> {
  const [row] = await world.stage.query<{ aim: Date | null }>(
    "SELECT min(aim) AS aim FROM queued_record WHERE state IN ('sealed', 'submitting')",
  );
  const { now } = await businessTime(world);
  const by = (row?.aim?.getTime() ?? 0) - now - random.int(1, 25) * MINUTE;
  if (by > 0 && by < 30 * HOUR) await jump(world, by);
}

/** To shortly before an hour, a day or a month ends. */
export async function jumpToBorder(world: World, random: Random): Promise<void> {
  const { now } = await businessTime(world);
  const date = new Date(now);
  const month = Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1);
  const day = Math.ceil(now / (24 * HOUR)) * 24 * HOUR;
  const border = random.pick([month, day, month, Math.ceil(now / HOUR) * HOUR]);
  const by = border - now - random.int(2, 150) * MINUTE;
  // Nothing was sent in this round yet: this way may be long.
  world.movedMs = -by;
  if (by > 0) await jump(world, by);
  world.movedMs = 0;
}

/** To this minute of an hour: the running one, or the next where that is over. */
export async function jumpToMinute(world: World, minute: number): Promise<void> {
  const { now } = await businessTime(world);
  const ahead = Math.floor(now / HOUR) * HOUR + minute * MINUTE - now;
  await jump(world, ahead >= 0 ? ahead : ahead + HOUR);
}

/** To the end of the running hour and a little more: the workers close it together. */
export async function jumpOverHour(world: World): Promise<void> {
  const { now } = await businessTime(world);
  await jump(world, Math.ceil(now / HOUR) * HOUR - now + 5 * MINUTE + 500);
}
