import { expect } from "vitest";
import { db } from "../../database/client.ts";
import { RESTORED } from "../../database/stamp.ts";
import { test } from "../../testing/world-test.ts";
import { declareRestore } from "./declare-restore.ts";
import { pauseAll, resumeAll } from "./pause-all.ts";

test("a pause that does not stand, because a restore's does, is neither said nor audited", async ({
  world: _world,
}) => {
  const by = { actor: "tester", reason: "a look first" };
  const audited = () => db().auditEntry.count({ where: { action: "submitting.paused", actor: "tester" } });
  expect(await pauseAll(by)).toBe(true);
  expect(await audited()).toBe(1);
  await declareRestore({ actor: "somebody" });
  expect(await pauseAll(by)).toBe(false);
  expect(await audited()).toBe(1);
  expect(await db().portalState.findFirst()).toMatchObject({
    pausedReason: expect.stringContaining(RESTORED),
  });
  await resumeAll({ actor: "tester" });
  expect(await pauseAll(by)).toBe(true);
});
