import { expect, vi } from "vitest";
import { db } from "#lib/database/client.ts";
import { readRestore } from "#lib/metering/submission/restore-views.ts";
import { operates } from "#lib/testing/operator.ts";
import { test } from "#lib/testing/world-test.ts";

// Each command is a process of its own, on a machine that others use too.
vi.setConfig({ testTimeout: 120_000 });

test("a command that cannot show what it would do does nothing when it is asked to, and says what it takes", async ({
  world,
}) => {
  const { productCode } = await world.hasLicense();
  const of = ["--product", productCode];
  for (const words of [
    ["restored"],
    ["pause", "--all"],
    ["pause", ...of],
    ["change-region", "eu-central-1"],
    ["cap", ...of, "--dimension", "gb_indexed", "--units", "5"],
    ["heartbeats", ...of, "--to", "on"],
  ]) {
    const { code, said } = await operates(world.environment, ...words, "--preview");
    expect({ words, code }).toEqual({ words, code: 1 });
    expect(said).toContain(`${words[0]} does not take --preview. Say npm run portal -- ${words[0]}`);
  }
  expect(await readRestore()).toBeNull();
  expect(await db().portalState.findFirst()).toMatchObject({ pausedAt: null, region: "us-east-1" });
  expect(await db().product.findFirst({ where: { code: productCode } })).toMatchObject({
    mode: "live",
    heartbeats: false,
  });
  expect(await db().productDimension.count({ where: { cap: 5 } })).toBe(0);
});

test("a product named without its option resumes nothing, least of all everything", async ({ world }) => {
  const { productCode } = await world.hasLicense();
  expect(await operates(world.environment, "pause", "--all")).toMatchObject({ code: 0 });
  for (const words of [
    [productCode],
    ["--preview"],
    ["--all", "--product", productCode],
    ["--product", ""],
  ]) {
    expect(await operates(world.environment, "resume", ...words)).toMatchObject({ code: 1 });
    expect(await operates(world.environment, "pause", ...words)).toMatchObject({ code: 1 });
  }
  expect(await db().portalState.findFirst()).toMatchObject({ pausedAt: expect.any(Date) });
  expect(await db().product.findFirst({ where: { code: productCode } })).toMatchObject({ mode: "live" });
});
