import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { gzipSync } from "node:zlib";
import { expect, onTestFinished, vi } from "vitest";
import { db } from "#lib/database/client.ts";
import { businessNow } from "#lib/database/clock.ts";
import { takeUsage } from "#lib/metering/ingest/take-usage.ts";
import { readRestore } from "#lib/metering/submission/restore-views.ts";
import { settleRecords, withdrawSettlement } from "#lib/metering/submission/settle-records.ts";
import { trailOf } from "#lib/testing/cloud-trail.ts";
import { operates } from "#lib/testing/operator.ts";
import { unconfirmedRecord } from "#lib/testing/unconfirmed-record.ts";
import { usageEvent } from "#lib/testing/world.ts";
import { test } from "#lib/testing/world-test.ts";

// A dozen commands in a test, each a process of its own, on a machine that others use too.
vi.setConfig({ testTimeout: 120_000 });

test("pause and resume work with the database alone, for one product and for all", async ({ world }) => {
  const license = await world.hasLicense();
  const { NEXTAUTH_SECRET: _, ...alone } = world.environment; // the portal itself could not start like this
  expect(await operates(alone, "meter")).toMatchObject({ code: 1 });
  expect(await operates(alone, "pause", "--product", license.productCode)).toMatchObject({ code: 0 });
  expect(await db().product.findUnique({ where: { code: license.productCode } })).toMatchObject({
    mode: "paused",
  });
  expect(await operates(alone, "resume", "--product", license.productCode)).toMatchObject({ code: 0 });
  expect(await operates(alone, "pause", "--all", "--reason", "a look first")).toMatchObject({ code: 0 });
  expect(await db().portalState.findFirst()).toMatchObject({ pausedReason: "a look first" });
  expect(await operates(alone, "resume")).toMatchObject({ code: 0 });
  expect(await db().portalState.findFirst()).toMatchObject({ pausedAt: null });
  expect(await operates(alone, "restored")).toMatchObject({
    code: 0,
    said: expect.stringContaining("no hour closes"),
  });
  expect(await readRestore()).toMatchObject({ words: expect.stringContaining("every hour up to now") });
  expect(await operates(alone, "resume")).toMatchObject({ code: 0 });
  expect(await operates(alone, "pause", "--product", "nobody")).toEqual({
    code: 1,
    said: "There is no product nobody\n",
  });
  expect(await operates(alone, "pause")).toMatchObject({
    code: 1,
    said: expect.stringContaining("pause --all"),
  });
});

test("the region is changed with a process that could not start in it", async ({ world }) => {
  const elsewhere = { ...world.environment, AWS_REGION: "eu-central-1" };
  expect(await operates(elsewhere, "meter")).toMatchObject({
    code: 1,
    said: expect.stringContaining("AWS_REGION=us-east-1"),
  });
  expect(await operates(elsewhere, "change-region", "moon")).toMatchObject({ code: 1 });
  expect(await operates(elsewhere, "change-region", "eu-central-1")).toMatchObject({ code: 0 });
  expect(await operates(elsewhere, "meter")).toMatchObject({ code: 0 });
});

test("a CloudTrail file settles, says what contradicts, and doctor names the other meter", async ({
  world,
}) => {
  const license = await world.hasLicense();
  const id = await unconfirmedRecord(world, { license, quantity: "7", wasBilled: true });
  const file = path.join(folder(), "trail.json.gz");
  writeFileSync(file, gzipSync(JSON.stringify({ Records: await trailOf(world) })));
  expect(await operates(world.environment, "cloudtrail", file, "--preview")).toMatchObject({
    code: 0,
    said: expect.stringContaining("1 records would be billed"),
  });
  expect(await operates(world.environment, "cloudtrail", file)).toMatchObject({ code: 0 });
  expect(await world.records()).toMatchObject([{ id, state: "accepted" }]);

  await world.sandbox.batch([
    {
      CustomerAWSAccountId: license.customerAwsAccountId,
      LicenseArn: license.licenseArn,
      Dimension: "api_calls",
      Quantity: 3,
      Timestamp: new Date("2027-01-15T12:40:00Z"),
    },
  ]);
  writeFileSync(file, JSON.stringify(await trailOf(world)));
  expect(await operates(world.environment, "cloudtrail", file)).toMatchObject({
    code: 1,
    said: expect.stringContaining("1 records of your products that are not ours"),
  });
  expect(await operates(world.environment, "doctor")).toMatchObject({
    code: 1,
    said: expect.stringMatching(/wrong other meters: .*told AWS 3 api_calls/),
  });
  writeFileSync(file, "not a trail");
  expect(await operates(world.environment, "cloudtrail", file)).toMatchObject({
    code: 1,
    said: expect.stringContaining(file),
  });
});

test("one operator settles, but units go back to their series only by a second person's word", async ({
  world,
}) => {
  const license = await world.hasLicense();
  const id = await unconfirmedRecord(world, { license, quantity: "7", wasBilled: false });
  const settle = (...words: string[]) => operates(world.environment, "settle", id, ...words);
  expect(await settle("--to", "not_billed")).toMatchObject({
    code: 1,
    said: expect.stringContaining("--reason"),
  });
  const why = ["--to", "not_billed", "--reason", "AWS support said so"];
  expect(await settle(...why, "--preview")).toMatchObject({ code: 0 });
  expect(await settle(...why)).toMatchObject({ code: 0, said: expect.stringContaining("second person") });
  expect(await settle(...why)).toMatchObject({ code: 1, said: expect.stringContaining("second person") });
  const said = { ids: [id], actor: "ann@example.com", now: await businessNow() };
  await withdrawSettlement(said);
  const form = { kind: "not_billed", reason: "AWS support said so" } as const;
  expect(await settleRecords({ ...said, form })).toMatchObject({ value: { proposed: 1 } });
  expect(await settle(...why)).toMatchObject({ code: 1, said: expect.stringContaining("second person") });
  expect(await world.places()).toEqual({ unconfirmed: "7" });
});

test("caps and replays have their commands", async ({ world }) => {
  const license = await world.hasLicense();
  const where = ["--product", license.productCode, "--dimension", "gb_indexed"];
  expect(await operates(world.environment, "cap", ...where, "--units", "5")).toMatchObject({ code: 0 });
  expect(await db().productDimension.findFirst({ where: { key: "gb_indexed", cap: 5 } })).not.toBeNull();
  expect(await operates(world.environment, "cap", ...where, "--units", "many")).toMatchObject({ code: 1 });
  expect(await operates(world.environment, "cap", ...where, "--units", "usual")).toMatchObject({ code: 0 });
  const events = [{ ...usageEvent(license), dimension: "not_yet" }];
  await takeUsage({ events, now: await businessNow() });
  expect(await operates(world.environment, "replay", "--code", "unknown_dimension", "--preview")).toEqual({
    code: 0,
    said: "1 events would be replayed\n",
  });
  expect(await operates(world.environment, "replay", "--code", "unknown_dimension")).toMatchObject({
    said: "1 replayed: 0 accepted, 0 known, 1 refused again\n",
  });
});

test("how a product is metered, and where units belong, have their commands", async ({ world }) => {
  const license = await world.hasLicense();
  const of = ["--product", license.productCode];
  expect(await operates(world.environment, "shadow", ...of, "--to", "on", "--preview")).toMatchObject({
    code: 0,
  });
  const stale = ["--from", "2027-01-15T11:00:00.000Z"];
  expect(await operates(world.environment, "shadow", ...of, "--to", "on", ...stale)).toMatchObject({
    code: 1,
    said: expect.stringContaining("It would begin with 2027-01-15T12:00:00.000Z"),
  });
  expect(await operates(world.environment, "shadow", ...of, "--to", "on")).toMatchObject({
    said: "another program tells AWS every hour from 2027-01-15T12:00:00.000Z on\n",
  });
  expect(await operates(world.environment, "shadow", ...of, "--to", "compare")).toMatchObject({ code: 0 });
  expect(await operates(world.environment, "shadow", ...of, "--to", "off")).toMatchObject({ code: 0 });
  expect(await operates(world.environment, "shadow", ...of, "--to", "off")).toMatchObject({ code: 1 });
  expect(await operates(world.environment, "heartbeats", ...of, "--to", "on")).toMatchObject({ code: 0 });
  expect(await db().product.findFirst({ where: { heartbeats: true } })).not.toBeNull();
  expect(await operates(world.environment, "cut-over")).toEqual({
    code: 0,
    said: "everybody is told in license style\n",
  });
  await world.uses(license, { quantity: "0.5" });
  await world.closesTheHour();
  const move = ["move", license.licenseId, "gb_indexed", "--to", `${license.licenseId}/api_calls`];
  expect(await operates(world.environment, ...move)).toMatchObject({
    code: 1,
    said: expect.stringContaining("three words"),
  });
  expect(await operates(world.environment, ...move, "--reason", "the wrong dimension")).toEqual({
    code: 0,
    said: "0.5 units moved\n",
  });
});

function folder(): string {
  const made = mkdtempSync(path.join(tmpdir(), "portal-cli-"));
  onTestFinished(() => rmSync(made, { recursive: true }));
  return made;
}
