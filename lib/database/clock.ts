import { db, remembered, type Tx } from "./client.ts";
import { SharedTurns } from "./shared-turns.ts";
import { readSql } from "./sql.ts";

/**
 * Business time: the database's clock, plus how far the sandbox's clock was moved ahead. For hours, deadlines and events.
 * Read once per unit of work and passed on as `now`. Leases, sessions and time-outs use the database's clock itself.
 */
export async function businessNow(tx?: Tx): Promise<Date> {
  const [row] = tx ? await tx.$queryRawUnsafe<{ now: Date }[]>(NOW) : [await clockReadings().ask(null)];
  if (!row) throw new Error("the database answered no time");
  return row.now;
}

const NOW = `SELECT clock_timestamp() + coalesce((SELECT clock_offset_ms FROM portal_state), 0) * interval '1 millisecond'
  AS now`;

/** Whoever asks while the clock is being read gets the next reading, together with the others who wait. */
const clockReadings = () =>
  remembered(
    "database.clock.readings",
    () =>
      new SharedTurns<null, { now: Date } | undefined>({
        work: async (wishes) => {
          const [row] = await readSql<{ now: Date }>("business time", NOW);
          return wishes.map(() => row);
        },
        weigh: () => 1,
        most: Number.POSITIVE_INFINITY,
        atOnce: 2,
        worthATurn: Number.POSITIVE_INFINITY,
        patienceMs: 5,
      }),
  );

/** How far business time is ahead, and where a walk of the clock is going. */
export async function readClock(): Promise<{ offsetMs: number; target: Date | null }> {
  const state = await db().portalState.findUniqueOrThrow({ where: { id: 1 } });
  return { offsetMs: Number(state.clockOffsetMs), target: state.clockTarget };
}

/** Moves business time. The database refuses a step in live mode. */
export async function setClockOffset(offsetMs: number): Promise<void> {
  await db().portalState.update({ where: { id: 1 }, data: { clockOffsetMs: offsetMs } });
}

/** Says where the clock is to walk; of two wishes the later moment counts. */
export async function raiseClockTarget(target: Date): Promise<void> {
  await db()
    .$executeRaw`UPDATE portal_state SET clock_target = greatest(clock_target, ${target}::timestamptz)`;
}

/** Forgets a target that was reached or cannot be, unless somebody has set a later one. */
export async function dropClockTarget(target: Date): Promise<void> {
  await db().portalState.updateMany({ where: { clockTarget: target }, data: { clockTarget: null } });
}
