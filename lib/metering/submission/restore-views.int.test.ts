import { expect } from "vitest";
import { db } from "../../database/client.ts";
import { stampDatabase } from "../../database/stamp.ts";
import { test } from "../../testing/world-test.ts";
import { doubtForgotten } from "./doubt-forgotten.ts";
import { pauseAll, resumeAll } from "./pause-all.ts";
import { readRestore } from "./restore-views.ts";

test("a restore is told until somebody resumes, and no other pause is taken for one", async ({ world }) => {
  const license = await world.hasLicense();
  await world.uses(license, { quantity: "12" });
  await world.closesTheHour();
  expect(await readRestore()).toBeNull();
  const pausedAt = async () => (await db().portalState.findFirstOrThrow()).pausedAt?.toISOString() ?? "";
  await pauseAll({ actor: "tester", reason: "AWS asked us to wait" });
  expect(await readRestore()).toBeNull();
  const seen = await pausedAt();

  await db().portalState.updateMany({ data: { databaseIdentity: "another:1" } });
  await stampDatabase({ mode: "sandbox", region: "us-east-1" }, doubtForgotten);
  const restore = await readRestore();
  expect(restore?.words).toMatch(/^AWS may .*records: 1\) .*are marked\.$/);
  expect(restore?.since).toBe(await pausedAt());
  expect(await resumeAll({ actor: "tester", since: seen })).toBe(false); // a tab that shows the pause before
  await pauseAll({ actor: "tester", reason: "a look first" });
  expect(await readRestore()).toEqual(restore);

  expect(await resumeAll({ actor: "tester", since: restore?.since ?? "" })).toBe(true);
  expect(await readRestore()).toBeNull();
});
