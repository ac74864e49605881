import { hostname } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { db } from "../database/client.ts";
import { listenForWake } from "../database/wake.ts";
import { describeError, log } from "../log.ts";
import { type Duty, duties, WATCH } from "./duties.ts";

const BEAT_MS = 5_000;
const MOST_PAUSE_MS = 30_000;

export type Worker = { stop: () => Promise<void> };

/** Starts every duty in its own rhythm; a wake runs them at once. Stopping lets what is under way finish. */
export function startWorker(): Worker {
  const id = `${hostname()}:${process.pid}:${Date.now()}`;
  const loops = startLoops([...duties(), beat(id)]);
  log.info("worker.started", { worker: id });
  return {
    stop: async () => {
      await loops.stop();
      await db()
        .workerBeat.deleteMany({ where: { id } })
        .catch(() => undefined);
      log.info("worker.stopped", { worker: id });
    },
  };
}

/** Only looks, does nothing: a portal whose worker stands apart notices when that one falls silent. Gives it time to start. */
export function startWatching(graceMs = 60_000): Worker {
  const from = Date.now() + graceMs;
  return startLoops([{ ...WATCH, run: async (stopping) => (Date.now() < from ? 0 : WATCH.run(stopping)) }]);
}

function startLoops(all: Duty[]): Worker {
  const stopping = new AbortController();
  const woken = new Set<() => void>();
  const listener = listenForWake(() => {
    for (const wakeUp of woken) wakeUp();
  });
  const loops = all.map((duty) => repeat(duty, stopping.signal, woken));
  return {
    stop: async () => {
      stopping.abort();
      for (const wakeUp of woken) wakeUp();
      await Promise.all([...loops, listener.stop()]);
    },
  };
}

/** Runs a duty for ever: again at once while there is work, else after its rhythm or a wake. A failure waits longer each time. */
async function repeat(duty: Duty, stopping: AbortSignal, woken: Set<() => void>): Promise<void> {
  let failures = 0;
  while (!stopping.aborted) {
    try {
      const done = await duty.run(stopping);
      failures = 0;
      if (done > 0) continue;
    } catch (error) {
      if (stopping.aborted) return;
      failures++;
      log.error("worker.duty_failed", { duty: duty.name, failures, ...describeError(error) });
    }
    await pause(Math.min(MOST_PAUSE_MS, duty.everyMs * 2 ** Math.min(failures, 10)), stopping, woken);
  }
}

/** Waits, but not longer than until somebody wakes or stops us. */
async function pause(ms: number, stopping: AbortSignal, woken: Set<() => void>): Promise<void> {
  if (stopping.aborted) return;
  const early = new AbortController();
  const wakeUp = () => early.abort();
  woken.add(wakeUp);
  await sleep(ms, undefined, { signal: early.signal }).catch(() => undefined);
  woken.delete(wakeUp);
}

/** Says that this worker lives, and forgets those that have not for a day. */
function beat(id: string): Duty {
  const startedAt = new Date();
  return {
    name: "beat",
    everyMs: BEAT_MS,
    run: async () => {
      await db().$executeRaw`
        INSERT INTO worker_beat (id, started_at, beat_at) VALUES (${id}, ${startedAt}::timestamptz, now())
        ON CONFLICT (id) DO UPDATE SET beat_at = now()`;
      await db().$executeRaw`DELETE FROM worker_beat WHERE beat_at < now() - interval '1 day'`;
      return 0;
    },
  };
}
