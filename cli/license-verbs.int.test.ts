import { expect, vi } from "vitest";
import { businessNow } from "#lib/database/clock.ts";
import { operates } from "#lib/testing/operator.ts";
import { test } from "#lib/testing/world-test.ts";

// Each command is a process of its own, on a machine that others use too.
vi.setConfig({ testTimeout: 120_000 });

test("what an event of AWS would have said that never came is said at the command line", async ({
  world,
}) => {
  const license = await world.hasLicense();
  const says = (...words: string[]) => operates(world.environment, ...words);
  const at = (await businessNow()).toISOString();
  expect(await says("license", "ended", license.licenseArn)).toMatchObject({ code: 1 });
  expect(await says("license", "ended", license.licenseArn, "--at", "yesterday")).toMatchObject({ code: 1 });
  expect(await says("license", "ended", "l-nobody", "--at", at)).toMatchObject({ code: 1 });
  expect(await says("license", "ended", license.licenseArn, "--at", at)).toMatchObject({
    code: 0,
    said: expect.stringContaining(`is ended, its end is ${at}`),
  });
});
