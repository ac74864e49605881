import fc from "fast-check";
import { expect, test } from "vitest";
import { BASE_SPACING_MS, keepStart, MOST_LATE_MS } from "./start-gate.ts";

/** A process whose clock only moves when it sleeps or asks, and a database that gives starts as takeStart does. */
function machine(of: { roundTripMs: number; oversleepsMs: () => number; waitMs?: number }) {
  const rooms: number[] = [];
  let now = 0;
  let next = of.waitMs ?? 0;
  const keep = () =>
    keepStart({
      takeStart: async (roomMs) => {
        rooms.push(roomMs);
        const asked = now;
        const start = Math.max(next, now);
        next = start + BASE_SPACING_MS + roomMs;
        now += of.roundTripMs;
        return { from: asked + (start - asked), to: now + (start - asked) };
      },
      now: () => now,
      sleep: async (ms) => {
        now += ms + of.oversleepsMs();
      },
    });
  return { rooms, keep, now: () => now };
}

test("a process on time leaves at its first start, never before it", async () => {
  const on = machine({ roundTripMs: 2, oversleepsMs: () => 1, waitMs: 300 });
  await on.keep();
  expect(on.rooms).toEqual([0]);
  expect(on.now()).toBeGreaterThanOrEqual(302);
});

test("a timer that fires early is waited out", async () => {
  const early = machine({ roundTripMs: 1, oversleepsMs: () => -0.7, waitMs: 300 });
  await early.keep();
  expect(early.now()).toBeGreaterThanOrEqual(301);
});

test("a start that the process comes too late for is given up, and the next one has room behind it", async () => {
  const lateness = [MOST_LATE_MS + 1, 3];
  const late = machine({ roundTripMs: 2, oversleepsMs: () => lateness.shift() ?? 0, waitMs: 100 });
  await late.keep();
  expect(late.rooms).toEqual([0, 2 * (MOST_LATE_MS + 3)]);
});

test("a machine that gets later and later calls in the end", async () => {
  let oversleeps = 50;
  const starved = machine({ roundTripMs: 2, oversleepsMs: () => (oversleeps *= 5), waitMs: 1 });
  await starved.keep();
  expect(starved.rooms.length).toBeLessThan(20);
});

/** As a rule a timer is on time. */
const oversleep = fc.oneof(
  { weight: 8, arbitrary: fc.nat({ max: 3 }) },
  { weight: 1, arbitrary: fc.nat({ max: 400 }) },
);

test("eleven calls never leave within one second, however late each of many processes wakes", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(oversleep, { minLength: 20, maxLength: 60 }),
      fc.nat({ max: 8 }),
      async (oversleeps, roundTripMs) => {
        const left: number[] = [];
        let next = 0;
        // Starts are given in turn; each process sleeps on its own, beginning when it asks.
        for (const [call, first] of oversleeps.entries()) {
          let now = call * 40;
          let late = first;
          await keepStart({
            takeStart: async (roomMs) => {
              const start = Math.max(next, now);
              next = start + BASE_SPACING_MS + roomMs;
              const asked = now;
              now += roundTripMs;
              return { from: start, to: start + now - asked };
            },
            now: () => now,
            sleep: async (ms) => {
              now += ms + late;
              late = Math.floor(late * 0.9);
            },
          });
          left.push(now);
        }
        left.sort((a, b) => a - b);
        const eleven = left.slice(10).map((moment, n) => moment - (left[n] ?? 0));
        expect(Math.min(...eleven)).toBeGreaterThan(1_000);
      },
    ),
  );
});
