import fc from "fast-check";
import { expect, test } from "vitest";
import { nextCircuitProbe, nextCohortProbe } from "./blame.ts";

const NOW = new Date("2027-01-15T12:00:00Z");
const waitOf = (probes: number, end: Date | null) =>
  (nextCircuitProbe(NOW, probes, end).getTime() - NOW.getTime()) / 1_000;
const inSeconds = (seconds: number) => new Date(NOW.getTime() + seconds * 1_000);

test("a circuit is probed after half a minute, then ever more slowly, up to five minutes", () => {
  expect([0, 1, 2, 3, 4, 50].map((probes) => waitOf(probes, null))).toEqual([30, 60, 120, 240, 300, 300]);
  expect(waitOf(50, inSeconds(3_600))).toBe(300);
});

test("the nearer a window behind a circuit is to its end, the oftener it is probed", () => {
  expect(waitOf(50, inSeconds(600))).toBe(150);
  expect(waitOf(0, inSeconds(40))).toBe(10);
  expect(waitOf(50, inSeconds(1))).toBe(2);
});

test("ten seconds of a working AWS before the end of a window meet a probe, however long the circuit was open", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 86_400_000 }), fc.nat(60), (leftMs, probesBefore) => {
      const end = NOW.getTime() + leftMs;
      let [at, probes] = [NOW.getTime(), probesBefore];
      while (at < end - 10_000) at = nextCircuitProbe(new Date(at), probes++, new Date(end)).getTime();
      expect(at).toBeLessThan(end);
    }),
  );
});

const cohortWait = (probes: number, end: Date | null, cohorts = 1) =>
  (nextCohortProbe(NOW, probes, { end, cohorts }).getTime() - NOW.getTime()) / 1_000;

test("a cohort is probed after a minute, then ever more slowly, up to a quarter of an hour", () => {
  expect([0, 1, 2, 3, 4, 50].map((probes) => cohortWait(probes, null))).toEqual([
    60, 120, 240, 480, 900, 900,
  ]);
  expect(cohortWait(50, inSeconds(3_600))).toBe(900);
});

test("as a window ends, a cohort is probed oftener, and many cohorts together still leave four fifths of the pace", () => {
  expect(cohortWait(50, inSeconds(600))).toBe(150);
  expect(cohortWait(50, inSeconds(1))).toBe(2);
  expect(cohortWait(50, inSeconds(1), 3_000)).toBe(900);
  fc.assert(
    fc.property(fc.integer({ min: 5, max: 3_000 }), fc.integer({ min: 1, max: 86_400 }), (cohorts, left) => {
      expect(cohorts / cohortWait(50, inSeconds(left), cohorts)).toBeLessThanOrEqual(
        Math.max(2, cohorts / 900),
      );
    }),
  );
});
