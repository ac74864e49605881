import { expect } from "vitest";
import { businessNow } from "../../database/clock.ts";
import type { World } from "../../testing/world.ts";
import { test } from "../../testing/world-test.ts";
import { decideRecords } from "./decide-records.ts";
import type { Decision } from "./decision.ts";

test("a held record is not sent, and goes out unchanged once it is released", async ({ world }) => {
  const id = await sealedRecord(world);
  expect(await decides(id, { kind: "hold" })).toEqual({ done: 1, skipped: [] });
  await world.submits();
  expect(await world.billed()).toEqual([]);
  expect(await world.places()).toEqual({ held: "6" });
  expect(await decides(id, { kind: "release" })).toEqual({ done: 1, skipped: [] });
  await world.submits();

  expect((await world.billed()).map(({ quantity }) => quantity)).toEqual([6]);
  expect(await world.misfits()).toEqual([]);
});

test("a written-off record is never sent, keeps its reason and its name, and cannot be retried", async ({
  world,
}) => {
  const id = await sealedRecord(world);
  await decides(id, { kind: "write_off", reason: "test traffic only" });
  expect(await decides(id, { kind: "retry" })).toEqual({ done: 0, skipped: [{ id, reason: "written_off" }] });
  await world.submits();

  expect(await world.billed()).toEqual([]);
  expect(await world.records()).toMatchObject([
    { state: "written_off", reason: { message: "test traffic only" } },
  ]);
  expect(await world.places()).toEqual({ written_off: "6" });
  expect(await world.misfits()).toEqual([]);
});

test("a preview changes nothing", async ({ world }) => {
  const id = await sealedRecord(world);
  const preview = {
    ids: [id],
    decision: { kind: "hold" },
    actor: "tester",
    now: await businessNow(),
    preview: true,
  } as const;
  expect(await decideRecords({ ...preview, ids: [id] })).toEqual({ done: 1, skipped: [] });
  expect(await world.records()).toMatchObject([{ state: "sealed" }]);
});

test("two tabs that hold and release the same record at once leave its units in one place", async ({
  world,
}) => {
  const id = await sealedRecord(world);
  for (let round = 0; round < 10; round++) {
    await Promise.all([
      decides(id, { kind: "hold" }),
      decides(id, { kind: "release" }),
      decides(id, { kind: "hold" }),
    ]);
  }
  expect(await world.misfits()).toEqual([]);
});

async function sealedRecord(world: World): Promise<string> {
  const license = await world.hasLicense();
  await world.uses(license, { quantity: "6" });
  await world.closesTheHour();
  const [record] = await world.records();
  return record?.id ?? "";
}

async function decides(id: string, decision: Decision) {
  return decideRecords({ ids: [id], decision, actor: "tester", now: await businessNow() });
}
