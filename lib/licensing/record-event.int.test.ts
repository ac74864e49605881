import { expect } from "vitest";
import { db } from "../database/client.ts";
import { businessNow } from "../database/clock.ts";
import type { World } from "../testing/world.ts";
import { test } from "../testing/world-test.ts";
import { recordEvent } from "./record-event.ts";

test("a license whose grant and end never reached the portal is granted and ended by hand, and its usage is billed", async ({
  world,
}) => {
  const license = await unheardOf(world);
  const grantedAt = await businessNow();
  await world.uses(license, { quantity: "3" });
  const granted = { license: license.licenseArn, what: "granted", at: grantedAt } as const;
  expect(await recordEvent(granted, await by())).toMatchObject({
    ok: true,
    value: { state: "active", activatedAt: grantedAt.toISOString() },
  });
  await world.passes(10);
  const endedAt = await businessNow();
  const ended = { license: license.licenseId, what: "ended", at: endedAt } as const;
  expect(await recordEvent(ended, await by())).toMatchObject({
    value: { state: "ended", endsAt: endedAt.toISOString() },
  });
  await world.passes(25);
  await world.settles();
  expect(await world.billed()).toMatchObject([{ quantity: 3 }]);
  expect(await db().auditEntry.findMany({ orderBy: { id: "asc" } })).toMatchObject([
    { actor: "tester", action: "license.granted_by_hand", subject: license.licenseId },
    { actor: "tester", action: "license.ended_by_hand", detail: { at: endedAt.toISOString() } },
  ]);
});

test("what AWS said of a later moment stands, whatever is said by hand", async ({ world }) => {
  const { licenseId } = await world.hasLicense();
  const at = new Date((await businessNow()).getTime() - 3_600_000);
  expect(await recordEvent({ license: licenseId, what: "ended", at }, await by())).toMatchObject({
    value: { state: "active", endsAt: null },
  });
});

test("a subscription of the older style without a license ARN is ended by hand too", async ({ world }) => {
  await world.sandbox.switches({ legacyLicenseArn: "absent" });
  const bought = await world.buys({ integration: "legacy" });
  await world.registers(bought.registrationToken);
  const { id } = await db().license.findFirstOrThrow();
  const said = { license: id, what: "ended", at: await businessNow() } as const;
  expect(await recordEvent(said, await by())).toMatchObject({ value: { state: "ended" } });
});

test("an event that was set aside is settled by what is said by hand of its license", async ({ world }) => {
  const [license, other] = [await world.hasLicense(), await world.hasLicense()];
  await db().lifecycleEvent.updateMany({ where: { state: "applied" }, data: { state: "failed" } });
  const said = { license: license.licenseId, what: "granted", at: await businessNow() } as const;
  await recordEvent(said, await by());
  expect(await db().lifecycleEvent.findMany({ where: { state: "failed" } })).toMatchObject([
    { agreementId: other.agreementId },
  ]);
});

test("nobody says anything of the future, or of a license nobody knows", async ({ world }) => {
  const { licenseId } = await world.hasLicense();
  const { actor, now } = await by();
  const at = new Date(now.getTime() + 1_000);
  expect(await recordEvent({ license: licenseId, what: "ended", at }, { actor, now })).toMatchObject({
    reason: "in_the_future",
  });
  expect(await recordEvent({ license: "l-nobody", what: "ended", at: now }, { actor, now })).toMatchObject({
    reason: "unknown_license",
  });
});

/** A license that AWS has granted without anybody here hearing of it. */
async function unheardOf(world: World) {
  const bought = await world.buys();
  await world.registers(bought.registrationToken);
  const { id } = await db().license.findFirstOrThrow();
  return { ...bought, licenseId: id };
}

async function by() {
  return { actor: "tester", now: await businessNow() };
}
