import { afterEach, expect, vi } from "vitest";
import { businessNow } from "../database/clock.ts";
import { env } from "../env.ts";
import { closeAndSeal } from "../jobs/run-due.ts";
import { test } from "../testing/world-test.ts";
import { clockAlarms } from "./clock-guard.ts";
import { expireRecords } from "./submission/expire-records.ts";
import { submitRecords } from "./submission/submit-records.ts";

const SECOND = 1_000;
afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

test("while business time is not AWS's, nothing closes, is sent or expires, and people are told; then all goes on", async ({
  world,
}) => {
  const license = await world.hasLicense();
  await world.uses(license, { quantity: "4" });
  await world.closesTheHour();
  await world.uses(license, { quantity: "5" });
  let aws = await businessNow();
  let passed = 0;
  const steady = performance.now.bind(performance);
  vi.spyOn(performance, "now").mockImplementation(() => steady() + passed);
  const really = fetch;
  vi.stubGlobal("fetch", async (...asked: Parameters<typeof fetch>) => {
    if (asked[1]?.method !== "HEAD") return really(...asked);
    if (aws.getTime() === 0) throw new Error("AWS is away");
    return new Response(null, { headers: { date: aws.toUTCString() } });
  });
  const sandbox = env();
  const inMode = (mode: "live" | "sandbox") =>
    Object.assign(globalThis, { portalEnv: { ...sandbox, PORTAL_MODE: mode } });

  inMode("live");
  expect(await clockAlarms(await businessNow())).toEqual([]);
  await world.setClock(new Date("2027-01-18T12:00:00Z")); // the database's clock jumps, AWS's does not
  expect(await closeAndSeal()).toBe(0);
  expect(await expireRecords(await businessNow())).toBe(0);
  expect(await submitRecords()).toBe(0);
  expect(await clockAlarms(await businessNow())).toMatchObject([
    {
      code: "clock.differs",
      message: expect.stringMatching(/^The database's clock is \d+ s ahead of AWS's: nothing closes/),
    },
  ]);
  expect(await world.records({})).toMatchObject([{ state: "sealed", attempts: 0 }]);

  aws = new Date(0); // what it said before still counts
  passed += 60 * SECOND;
  expect(await closeAndSeal()).toBe(0);
  aws = await businessNow();
  passed += 60 * SECOND;
  expect(await clockAlarms(await businessNow())).toEqual([]);
  expect(await closeAndSeal()).toBeGreaterThan(0);
  expect(await expireRecords(await businessNow())).toBe(1);
  inMode("sandbox");
  await world.submits();
  expect(await world.misfits()).toEqual([]);
});
