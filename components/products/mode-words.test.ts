import { expect, test } from "vitest";
import { isShadowed, modeSentence, shadowDoor, shadowProblem, shadowWords } from "./mode-words.ts";

const NOW = "2026-11-22T04:10:00.000Z";
type Facts = Parameters<typeof modeSentence>[0];
const LIVE: Facts = {
  mode: "live",
  paused: null,
  shadowFrom: null,
  shadowUntil: null,
  closedThrough: "2026-11-22T04:00:00.000Z",
};

test("a live product says who tells AWS, a paused one why it does not", () => {
  expect(modeSentence(LIVE, NOW)).toBe(
    "This portal tells AWS each hour of it, soon after the hour is closed.",
  );
  const paused = { since: "2026-11-22T03:00:00.000Z", reason: "AWS asked us to wait" };
  expect(modeSentence({ ...LIVE, mode: "paused", paused }, NOW)).toBe(
    "AWS asked us to wait. Since 03:00 UTC nothing of it is sent; counting goes on.",
  );
});

test("a shadow says from when, and what it waits for once it ends", () => {
  const shadow: Facts = { ...LIVE, mode: "shadow", shadowFrom: "2026-11-22T04:00:00.000Z" };
  expect(isShadowed(shadow)).toBe(true);
  expect(modeSentence(shadow, NOW)).toContain("from 04:00 UTC on");
  const ending: Facts = { ...shadow, mode: "live", shadowUntil: "2026-11-22T05:00:00.000Z" };
  expect(isShadowed(ending)).toBe(false);
  expect(modeSentence(ending, NOW)).toMatch(/^It waits for 05:00 UTC: that hour and those after it/);
  expect(modeSentence({ ...ending, closedThrough: "2026-11-22T05:00:00.000Z" }, NOW)).toMatch(
    /^This portal tells AWS/,
  );
});

test("the step before a change names the hour, and the units that nobody may have told", () => {
  const off = shadowWords("off", "Vector Search", { from: "2026-11-22T05:00:00.000Z", carried: "1250" }, NOW);
  expect(off.effect).toBe("From the hour of 05:00 UTC on this portal tells AWS.");
  expect(off.facts.at(-1)).toMatch(/^1,250 units wait unsealed/);
  const not = shadowWords(
    "on",
    "Vector Search",
    { problem: shadowProblem("unsealed_units"), door: null },
    NOW,
  );
  expect(not.button).toBeNull();
  expect(not.effect).toMatch(/^Whole units wait unsealed/);
  expect(shadowDoor("unsealed_units")).toBeNull();
  expect(shadowDoor("draining")).toBe("/admin/metering/records?state=sealed");
});
