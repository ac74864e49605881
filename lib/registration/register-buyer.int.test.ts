import { randomUUID } from "node:crypto";
import { expect } from "vitest";
import { db } from "../database/client.ts";
import { businessNow } from "../database/clock.ts";
import { applyLifecycleEvents } from "../licensing/apply-lifecycle-events.ts";
import type { Envelope } from "../licensing/events.ts";
import { receiveLifecycleEvent } from "../licensing/receive-lifecycle-event.ts";
import { findLicense, listEntitlements } from "../licensing/views.ts";
import { openRival } from "../testing/rival.ts";
import { test } from "../testing/world-test.ts";
import { completeOnboarding } from "./complete-onboarding.ts";
import { registerBuyer } from "./register-buyer.ts";
import { getOnboarding } from "./views.ts";

const FORM = { email: "Ada@Example.com", name: "Ada", company: "Ostra", terms: "on" as const };

test("three POSTs of one token at once, twenty rounds, leave one buyer, license and registration each", async ({
  world,
}) => {
  const now = await businessNow();
  for (let round = 1; round <= 20; round++) {
    const { registrationToken } = await world.buys();
    const arrivals = await Promise.all(
      [1, 2, 3].map(() => registerBuyer({ registrationToken, offerType: null, now })),
    );
    const ids = new Set(arrivals.map((arrival) => arrival.ok && arrival.value.registrationId));
    expect(ids.size).toBe(1);
    expect(ids.has(false)).toBe(false);
    const counts = await Promise.all([db().buyer.count(), db().license.count(), db().registration.count()]);
    expect(counts).toEqual([round, round, round]);
  }
});

test("licenses of one buyer that arrive at the same moment share the buyer", async ({ world }) => {
  const first = await world.buys();
  const others = await Promise.all(
    Array.from({ length: 5 }, () => world.buys({ customerAwsAccountId: first.customerAwsAccountId })),
  );
  const arrivals = await Promise.all(
    [first, ...others].map(({ registrationToken }) => world.registers(registrationToken)),
  );
  expect(arrivals.every(({ ok }) => ok)).toBe(true);
  expect(await db().buyer.count()).toBe(1);
  expect(await db().license.count()).toBe(6);
});

test("a registration grants nothing by itself; License Updated does, with AWS's time", async ({ world }) => {
  const purchase = await world.buys();
  await world.registers(purchase.registrationToken);
  expect(await findLicense(purchase.licenseArn)).toMatchObject({ state: "pending", activatedAt: null });
  await world.hears();
  const granted = (await world.mail()).find((event) => event["detail-type"].startsWith("License Updated"));
  expect(await findLicense(purchase.licenseArn)).toMatchObject({
    state: "active",
    activatedAt: new Date(granted?.time ?? "").toISOString(),
    agreementId: purchase.agreementId,
  });
});

test("an event that came before the registration waits, and is applied by it", async ({ world }) => {
  const purchase = await world.buys();
  await world.hears();
  expect(await db().lifecycleEvent.count({ where: { state: "waiting" } })).toBe(1);
  await world.registers(purchase.registrationToken);
  expect(await findLicense(purchase.licenseArn)).toMatchObject({ state: "active" });
  expect(await db().lifecycleEvent.count({ where: { state: "waiting" } })).toBe(0);
});

test("an event and a registration at the same moment, twenty rounds, leave the license active", async ({
  world,
}) => {
  for (let round = 0; round < 20; round++) {
    const purchase = await world.buys();
    const events = (await world.mail()).filter(
      (event) => event.detail.agreement?.id === purchase.agreementId,
    );
    const now = await businessNow();
    for (const envelope of events) await receiveLifecycleEvent({ envelope, now });
    await Promise.all([
      applyLifecycleEvents(now),
      world.registers(purchase.registrationToken),
      applyLifecycleEvents(now),
    ]);
    expect(await findLicense(purchase.licenseArn)).toMatchObject({ state: "active" });
  }
  expect(await db().lifecycleEvent.count({ where: { state: { in: ["received", "waiting"] } } })).toBe(0);
});

test("a registration waits for an event of its license that is just being looked at", async ({ world }) => {
  const purchase = await world.buys();
  const now = await businessNow();
  const granted = (await world.mail()).filter((event) => event["detail-type"].startsWith("License Updated"));
  for (const envelope of granted) await receiveLifecycleEvent({ envelope, now });
  const rival = await openRival();
  await rival.begins();
  await rival.does("LOCK TABLE lifecycle_event IN SHARE MODE"); // the event may be read, and waits to be marked
  const applying = applyLifecycleEvents(now);
  await rival.untilSomebodyWaits();
  const registering = world.registers(purchase.registrationToken);
  await Promise.race([registering, rival.untilSomebodyWaits(2)]);
  await rival.commits();
  await rival.leaves();
  await Promise.all([applying, registering]);
  expect(await findLicense(purchase.licenseArn)).toMatchObject({ state: "active" });
});

test("License Deprovisioned sets the end, by AWS's time", async ({ world }) => {
  const license = await world.hasLicense();
  await world.passes(10);
  await world.sandbox.door("POST", "/_sandbox/cancel", { licenseArn: license.licenseArn });
  await world.hears();
  const ended = (await world.mail()).find((event) =>
    event["detail-type"].startsWith("License Deprovisioned"),
  );
  expect(await findLicense(license.licenseArn)).toMatchObject({
    state: "ended",
    endsAt: new Date(ended?.time ?? "").toISOString(),
  });
});

test("an event is kept once per envelope, whoever repeats it, and kinds nobody knows are kept raw", async ({
  world,
}) => {
  const now = await businessNow();
  const envelope: Envelope = {
    id: randomUUID(),
    "detail-type": "Something New - Manufacturer",
    source: "aws.agreement-marketplace",
    time: "2027-01-15T12:00:00Z",
    detail: { license: { arn: "aws:license-manager:us-east-1:1:l-1" }, unheardOf: { of: [1] } },
  };
  const answers = await Promise.all(
    Array.from({ length: 5 }, () => receiveLifecycleEvent({ envelope, now })),
  );
  expect(answers.filter(({ isNew }) => isNew)).toHaveLength(1);
  expect(await world.registers("nothing")).toMatchObject({ ok: false });
  await applyLifecycleEvents(now);
  expect(await db().lifecycleEvent.findMany()).toMatchObject([
    { state: "kept", licenseKey: "l-1", raw: envelope },
  ]);
});

test("a token AWS does not know, one that is too old, and an AWS that is away are told apart", async ({
  world,
}) => {
  expect(await world.registers("x".repeat(40))).toMatchObject({ ok: false, reason: "token_invalid" });
  const { registrationToken } = await world.buys();
  await world.passes(4 * 60 + 1);
  expect(await world.registers(registrationToken)).toMatchObject({ ok: false, reason: "token_expired" });
  await world.sandbox.faults({ error500: 1 });
  expect(await world.registers(registrationToken)).toMatchObject({ ok: false, reason: "aws_unreachable" });
  expect(await db().license.count()).toBe(0);
});

test("the registration token is in no table", async ({ world }) => {
  const license = await world.hasLicense();
  await world.registers(license.registrationToken);
  const tables = await db().$queryRaw<{ name: string }[]>`
    SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public' AND table_type = 'BASE TABLE'`;
  for (const { name } of tables) {
    const rows = await db().$queryRawUnsafe<{ row: string }[]>(`SELECT t::text AS row FROM "${name}" t`);
    expect(rows.map(({ row }) => row).join("\n")).not.toContain(license.registrationToken.slice(0, 24));
  }
});

test("an onboarding is completed once, also from two tabs, and shows what the license allows", async ({
  world,
}) => {
  const purchase = await world.buys();
  const arrival = await world.registers(purchase.registrationToken);
  if (!arrival.ok) throw new Error("registration failed");
  const { registrationId } = arrival.value;
  await world.hears();
  const now = await businessNow();
  const tabs = await Promise.all([1, 2].map(() => completeOnboarding({ registrationId, form: FORM, now })));
  expect(tabs.map((tab) => (tab.ok ? "done" : tab.reason)).sort()).toEqual(["already_completed", "done"]);
  expect(await getOnboarding(registrationId)).toMatchObject({
    completed: true,
    license: { licenseArn: purchase.licenseArn },
  });
  expect(await world.registers(purchase.registrationToken)).toMatchObject({
    value: { registrationId, completed: true },
  });
  const license = await findLicense(purchase.licenseArn);
  expect(
    (await listEntitlements(license?.id ?? "")).map(({ dimension, value }) => [dimension, value]),
  ).toEqual([
    ["gb_indexed", "5000"],
    ["seats", "10"],
  ]);
  expect(await db().member.findMany()).toMatchObject([{ email: "ada@example.com" }]);
});

test("a second license of the same account and company joins the company; another name opens another one", async ({
  world,
}) => {
  const first = await world.hasLicense();
  const buyer = { customerAwsAccountId: first.customerAwsAccountId };
  const [second, third] = [await world.hasLicense(buyer), await world.hasLicense(buyer)];
  const stranger = await world.hasLicense();
  const now = await businessNow();
  for (const [license, company] of [
    [first, "Ostra"],
    [second, "OSTRA"],
    [third, "Kestrel"],
    [stranger, "Ostra"],
  ] as const) {
    const registration = await db().registration.findUniqueOrThrow({
      where: { licenseId: license.licenseId },
    });
    await completeOnboarding({ registrationId: registration.id, form: { ...FORM, company }, now });
  }
  const companies = await db().license.findMany({ select: { id: true, companyId: true } });
  const of = (license: typeof first) => companies.find(({ id }) => id === license.licenseId)?.companyId;
  expect(of(second)).toBe(of(first));
  expect(new Set([of(first), of(third), of(stranger)]).size).toBe(3);
});

test("an onboarding of nobody is not found", async ({ world }) => {
  expect(world).toBeDefined();
  const registrationId = randomUUID();
  expect(await completeOnboarding({ registrationId, form: FORM, now: new Date() })).toEqual({
    ok: false,
    reason: "not_found",
  });
  expect(await getOnboarding(registrationId)).toBeNull();
});
