import { expect } from "vitest";
import { inTransaction } from "../database/client.ts";
import { test } from "../testing/world-test.ts";
import type { Alarm } from "./shapes.ts";
import { lockUntold, markTold, settleAlerts } from "./store.ts";
import { listOpenAlerts } from "./views.ts";

const alarm = (severity: Alarm["severity"], message = "first words"): Alarm => ({
  code: "metering.window",
  subject: "",
  severity,
  message,
});

test("an alert is told when it opens and each time it gets worse, not when it gets better", async ({
  world: _world,
}) => {
  const now = new Date();
  const settles = (...alarms: Alarm[]) => inTransaction((tx) => settleAlerts(tx, alarms, now));
  const tells = () =>
    inTransaction(async (tx) => {
      const untold = await lockUntold(tx, 10);
      await markTold(
        tx,
        untold.map(({ id }) => id),
        now,
      );
      return untold.map(({ severity }) => severity);
    });
  expect(await settles(alarm("soon"))).toHaveLength(1);
  expect(await tells()).toEqual(["soon"]);
  expect(await settles(alarm("soon", "other words"))).toEqual([]);
  expect(await tells()).toEqual([]);
  expect(await settles(alarm("danger"))).toHaveLength(1);
  expect(await tells()).toEqual(["danger"]);
  expect(await settles(alarm("failed"))).toHaveLength(1);
  expect(await tells()).toEqual(["failed"]);
  expect(await settles(alarm("soon", "calm again"))).toEqual([]);
  expect(await tells()).toEqual([]);
  expect(await listOpenAlerts()).toMatchObject([{ severity: "soon", message: "calm again" }]);
  await settles();
  expect(await listOpenAlerts()).toEqual([]);
  expect(await settles(alarm("soon"))).toHaveLength(1);
});
