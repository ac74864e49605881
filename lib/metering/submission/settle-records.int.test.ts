import { expect } from "vitest";
import { db } from "../../database/client.ts";
import { businessNow } from "../../database/clock.ts";
import { asks, claims, endLeases } from "../../testing/attempts.ts";
import { unconfirmedRecord } from "../../testing/unconfirmed-record.ts";
import { test } from "../../testing/world-test.ts";
import { expireRecords } from "./expire-records.ts";
import { recordOutcome } from "./record-outcome.ts";
import { settleRecords, withdrawSettlement } from "./settle-records.ts";
import type { SettlementForm } from "./settlement.ts";

const reason = "AWS support said so";

test("a record that AWS did bill is billed by its receipt, with the reason and the name kept", async ({
  world,
}) => {
  const license = await world.hasLicense();
  const id = await unconfirmedRecord(world, { license, quantity: "12", wasBilled: true });
  const [line] = await world.billed();
  const receipts = { [id]: line?.meteringRecordId ?? "" };
  expect(await settles("ann", [id], { kind: "billed", receipts, reason }, true)).toMatchObject({ done: 1 });
  expect(await world.places()).toEqual({ unconfirmed: "12" });

  expect(await settles("ann", [id], { kind: "billed", receipts, reason })).toEqual({
    done: 1,
    proposed: 0,
    skipped: [],
  });
  expect(await settles("ann", [id], { kind: "billed", receipts, reason })).toMatchObject({
    skipped: [{ id, reason: "accepted" }],
  });
  expect(await world.records()).toMatchObject([
    {
      state: "accepted",
      meteringRecordId: line?.meteringRecordId,
      reason: { code: "SettledByHand", message: reason },
    },
  ]);
  expect(await world.places()).toEqual({ billed: "12" });
  expect(await world.misfits()).toEqual([]);
  expect(await db().settlement.findMany()).toMatchObject([
    { kind: "billed", proposedBy: "ann", settledBy: "ann" },
  ]);
});

test("units go back to their series only when a second person says that AWS did not bill them, and are billed once", async ({
  world,
}) => {
  const license = await world.hasLicense();
  const id = await unconfirmedRecord(world, { license, quantity: "12", wasBilled: false });
  const form = { kind: "not_billed", reason } as const;
  expect(await settles("ann", [id], form)).toEqual({ done: 0, proposed: 1, skipped: [] });
  expect(await settles("ann", [id], form)).toMatchObject({ skipped: [{ reason: "needs_second_person" }] });
  expect(await world.places()).toEqual({ unconfirmed: "12" });
  expect(await settles("ben", [id], form)).toEqual({ done: 1, proposed: 0, skipped: [] });
  expect(await world.places()).toEqual({ unsealed: "12" });
  expect(await db().settlement.findMany()).toMatchObject([{ proposedBy: "ann", settledBy: "ben" }]);

  await world.closesTheHour();
  await world.submits();
  expect((await world.billed()).map(({ quantity }) => quantity)).toEqual([12]);
  expect(await world.places()).toEqual({ billed: "12" });
  expect(await world.misfits()).toEqual([]);
});

test("the database refuses that one person sends units back alone", async ({ world }) => {
  const license = await world.hasLicense();
  const id = await unconfirmedRecord(world, { license, quantity: "12", wasBilled: false });
  await settles("ann", [id], { kind: "not_billed", reason });
  const alone = db().$executeRaw`UPDATE settlement SET settled_by = 'ann', settled_at = now()`;
  await expect(alone).rejects.toThrow("settlement_second_person");
});

test("a word that was taken back needs two people again", async ({ world }) => {
  const license = await world.hasLicense();
  const id = await unconfirmedRecord(world, { license, quantity: "12", wasBilled: false });
  const form = { kind: "not_billed", reason } as const;
  await settles("ann", [id], form);
  expect(await withdrawSettlement({ ids: [id], actor: "ben", now: await businessNow() })).toBe(1);
  expect(await settles("ben", [id], form)).toMatchObject({ proposed: 1 });
  expect(await settles("ann", [id], form)).toMatchObject({ done: 1 });
});

test("what nobody will ever know is written off by name", async ({ world }) => {
  const license = await world.hasLicense();
  const id = await unconfirmedRecord(world, { license, quantity: "12", wasBilled: false });
  await settles("ann", [id], { kind: "not_billed", reason }); // a word that waits gives way to one that is carried out
  expect(await settles("ben", [id], { kind: "written_off", reason })).toMatchObject({ done: 1 });
  expect(await db().auditEntry.findMany({ where: { subject: id }, orderBy: { id: "asc" } })).toMatchObject([
    { action: "settlement.proposed", actor: "ann" },
    { action: "settlement.written_off", actor: "ben" },
    { action: "settlement.withdrawn", actor: "ben", detail: { gaveWayTo: "written_off" } },
  ]);
  expect(await world.places()).toEqual({ written_off: "12" });
  expect(await world.misfits()).toEqual([]);
});

test("many people and a late Success at once settle a record once: the Success wins", async ({ world }) => {
  for (let round = 0; round < 5; round++) {
    const license = await world.hasLicense();
    await world.uses(license, { quantity: "7" });
    await world.closesTheHour();
    const batch = await claims();
    const [{ id } = { id: "" }] = batch.records;
    const returned = await asks(batch);
    await endLeases();
    await db().$executeRaw`
      UPDATE queued_record SET state = 'sealed', unanswered = true, lease_id = NULL, lease_until = NULL,
        next_attempt_at = now() WHERE record_id = ${id}::uuid`;
    const { lastCall } = await db().queuedRecord.findUniqueOrThrow({ where: { recordId: id } });
    await expireRecords(new Date(lastCall.getTime() + 1));
    const now = await businessNow();
    const form = { kind: "not_billed", reason } as const;
    await Promise.all([
      settles("ann", [id], form),
      settles("ben", [id], form),
      recordOutcome({ batch, returned, durationMs: 1, now }),
      settles("cid", [id], { kind: "written_off", reason }),
    ]);
    expect(await world.misfits()).toEqual([]);
  }
  expect(await world.places()).toEqual({ billed: "35" });
});

test("a reason of one word is refused", async ({ world: _world }) => {
  const form: SettlementForm = { kind: "written_off", reason: "because" };
  expect(await settleRecords({ ids: [], form, actor: "ann", now: await businessNow() })).toMatchObject({
    ok: false,
    reason: "reason_too_short",
  });
});

async function settles(actor: string, ids: string[], form: SettlementForm, preview = false) {
  const settled = await settleRecords({ ids, form, actor, now: await businessNow(), preview });
  if (!settled.ok) throw new Error(settled.reason);
  return settled.value;
}
