import { expect, test } from "vitest";
import { type SystemFacts, systemLines } from "./system-lines.ts";

test("a portal that is well ticks every line and shows only what was measured", () => {
  expect(systemLines(facts()).map(({ well }) => well)).toEqual([true, true, true, true, true, true]);
  expect(line("AWS metering")).toMatchObject({ words: "Answered 26 min ago", figure: "184 ms" });
  expect(line("Units")).toMatchObject({ words: "To bill, in 3 records", figure: "18,445" });
  expect(line("Closing")).toMatchObject({ words: "Up to 14:00 UTC", figure: "on time" });
  expect(line("Events")).toMatchObject({ words: "Last one 26 min ago", figure: "0 due" });
  expect(line("Database")).toMatchObject({ words: "Durable, in step", figure: "3.1 GB" });
});

test("what was never seen is not called well or late", () => {
  expect(line("AWS metering", { system: { lastCall: null } })).toEqual({
    name: "AWS metering",
    well: true,
    words: "Not called yet",
  });
  expect(line("Events", { inbox: { lastAt: null } }).words).toBe("None from AWS yet");
});

test.each([
  [{ outcome: "throttled" }, "Busy 26 min ago"],
  [{ outcome: "refused", errorCode: "InvalidTagException" }, "InvalidTagException"],
  [{ outcome: "unknown" }, "No answer 26 min ago"],
])("the last call %j is said as it was", (call, words) => {
  const lastCall = { at: "2026-11-21T14:06:00.000Z", durationMs: 184, errorCode: null, ...call };
  expect(line("AWS metering", { system: { lastCall } })).toMatchObject({
    well: false,
    words: expect.stringContaining(words),
  });
});

test("what puts money in doubt is not ticked", () => {
  expect(line("Database", { database: { durable: false } }).well).toBe(false);
  expect(line("Database", { database: { clockStepMs: -74_000 } }).words).toContain("clock 74 s off");
  expect(line("Closing", { system: { hoursBehind: 3 } })).toMatchObject({
    well: false,
    figure: "3 h behind",
  });
  expect(line("AWS metering", { system: { accountRefused: "AccessDeniedException" } }).well).toBe(false);
});

type Wishes = { [Part in keyof SystemFacts]?: Partial<SystemFacts[Part]> };

function line(name: string, wishes: Wishes = {}) {
  const found = systemLines(facts(wishes)).find((each) => each.name === name);
  if (!found) throw new Error(`no line ${name}`);
  return found;
}

function facts({ overview, system, inbox, database }: Wishes = {}): SystemFacts {
  return {
    overview: {
      now: "2026-11-21T14:32:00.000Z",
      waiting: 0,
      inDanger: 0,
      refused: 0,
      tooLate: 0,
      unconfirmed: 0,
      held: 0,
      billedToday: 0,
      nextDeadline: null,
      deadlines: [],
      hours: [],
      open: 0,
      paused: null,
      worker: { alive: true, lastBeatAt: "2026-11-21T14:31:58.000Z" },
      closedThrough: "2026-11-21T14:00:00.000Z",
      ...overview,
    },
    system: {
      unitsUnderWay: "18445",
      underWay: 3,
      due: 0,
      lastCall: { at: "2026-11-21T14:06:00.000Z", outcome: "answered", durationMs: 184, errorCode: null },
      accountRefused: null,
      hoursBehind: 0,
      ...system,
    },
    inbox: { lastAt: "2026-11-21T14:06:00.000Z", lastType: "License Updated", toApply: 0, ...inbox },
    database: { durable: true, clockStepMs: 0, bytes: "3100000000", ...database },
  };
}
