import { expect } from "vitest";
import { db } from "../database/client.ts";
import { businessNow } from "../database/clock.ts";
import { receiveLifecycleEvent } from "../licensing/receive-lifecycle-event.ts";
import { refusesLicense } from "../testing/refused-license.ts";
import { test } from "../testing/world-test.ts";
import { duties } from "./duties.ts";

test("a license that ended is flushed whatever is wrong with another one's event or with the entitlement service", async ({
  world,
}) => {
  const license = await world.hasLicense();
  await world.uses(license, { quantity: "3" });
  await world.ends(license);
  await world.passes(25);
  const other = await world.buys();
  await world.registers(other.registrationToken);
  const now = await businessNow();
  for (const envelope of await world.mail()) await receiveLifecycleEvent({ envelope, now });
  await refusesLicense(other.agreementId, "40P01"); // a deadlock: it may pass, so the event stays due
  await db().license.update({ where: { id: license.licenseId }, data: { syncDueAt: now } });
  await world.sandbox.faults({ error500: 1 });

  await expect(run("licensing")).rejects.toThrow("deadlock");
  expect(await run("entitlements")).toBe(0);
  expect(await run("ends")).toBeGreaterThan(0);
  expect(await world.records()).toMatchObject([{ quantity: "3" }]);
});

async function run(name: string): Promise<number> {
  const duty = duties().find((one) => one.name === name);
  if (!duty) throw new Error(`no duty ${name}`);
  return duty.run(AbortSignal.timeout(30_000));
}
