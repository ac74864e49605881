import { expect } from "vitest";
import { db } from "../database/client.ts";
import type { World } from "../testing/world.ts";
import { test } from "../testing/world-test.ts";

const INSERT_ONLY = [
  "usage_record",
  "submission",
  "submission_record",
  "submission_answer",
  "submission_result",
  "movement",
  "audit_entry",
];

test("what AWS was told, what it said and how units moved cannot be changed or taken away", async ({
  world,
}) => {
  await billed(world);
  for (const table of INSERT_ONLY) {
    await expect(db().$executeRawUnsafe(`DELETE FROM ${table}`)).rejects.toThrow("insert-only");
    const [column] = await db().$queryRawUnsafe<{ name: string }[]>(
      `SELECT attname AS name FROM pg_attribute WHERE attrelid = '${table}'::regclass AND attnum = 1`,
    );
    await expect(
      db().$executeRawUnsafe(`UPDATE ${table} SET ${column?.name} = ${column?.name}`),
    ).rejects.toThrow("insert-only");
  }
});

test("a series and an hour have one record", async ({ world }) => {
  await billed(world);
  await expect(copyRecord("")).rejects.toThrow("usage_record_series_id_hour_key");
});

test("a record in the other identity style does not get in", async ({ world }) => {
  await billed(world);
  const legacy = "identity => legacy";
  await expect(copyRecord(legacy)).rejects.toThrow("identity style");
  await expect(db().identityCutOver.updateMany({ data: { licenseFrom: null } })).rejects.toThrow(
    "two identity styles",
  );
});

test("a closed hour does not open again", async ({ world }) => {
  await world.hasLicense();
  await expect(
    db().$executeRaw`UPDATE product_closing SET closed_through = closed_through - interval '1 hour'`,
  ).rejects.toThrow("cannot be opened again");
  await db().$executeRaw`UPDATE license_closing SET closed_through = '2027-01-15T13:00:00Z'`;
  await expect(
    db().$executeRaw`UPDATE license_closing SET closed_through = '2027-01-15T12:00:00Z'`,
  ).rejects.toThrow("cannot be opened again");
});

test("a record's parts must add up, and its timestamp lie in its hour", async ({ world }) => {
  await billed(world);
  await expect(copyRecord("counted => counted + 1")).rejects.toThrow("usage_record_parts");
  await expect(copyRecord("timestamp => hour + interval '2 hours'")).rejects.toThrow("usage_record_hour");
});

test("units move between two known places, and only forward in number", async ({ world }) => {
  await billed(world);
  for (const change of [
    "to_place = 'nowhere'",
    "to_place = 'unsealed', from_place = 'unsealed'",
    "quantity = 0",
    "quantity = -1",
  ]) {
    const [column, value] = [change.split(" = ")[0], change];
    const insert = `INSERT INTO movement (series_id, from_place, to_place, quantity, cause, at)
      SELECT series_id, from_place, to_place, quantity, cause, at FROM movement LIMIT 1`;
    const changed = insert.replace(/SELECT (.*) FROM/, (_all, columns: string) => {
      const values = Object.fromEntries(value.split(", ").map((one) => one.split(" = ")));
      return `SELECT ${columns
        .split(", ")
        .map((name) => values[name] ?? name)
        .join(", ")} FROM`;
    });
    await expect(db().$executeRawUnsafe(changed), column).rejects.toThrow("movement_places");
  }
});

test("billed means a receipt, and only a record whose call went unanswered can be unconfirmed", async ({
  world,
}) => {
  const license = await world.hasLicense();
  await world.uses(license, { quantity: "12" });
  await world.closesTheHour();
  const [{ id } = { id: "" }] = await world.records();
  const at = new Date();
  await expect(db().recordOutcome.create({ data: { recordId: id, state: "accepted", at } })).rejects.toThrow(
    "record_outcome_state",
  );
  await expect(
    db().recordOutcome.create({ data: { recordId: id, state: "written_off", at } }),
  ).rejects.toThrow("record_outcome_state");
  await expect(
    db().queuedRecord.updateMany({ data: { state: "unconfirmed", nextAttemptAt: null } }),
  ).rejects.toThrow("queued_record_unconfirmed");
  await expect(
    db().queuedRecord.updateMany({ data: { state: "submitting", nextAttemptAt: null } }),
  ).rejects.toThrow("queued_record_lease");
});

test("a sandbox's clock goes ahead only, and a live portal's not at all", async ({ world }) => {
  expect(world).toBeDefined();
  await expect(db().portalState.update({ where: { id: 1 }, data: { clockOffsetMs: -1 } })).rejects.toThrow(
    "portal_state_clock",
  );
  await expect(db().portalState.update({ where: { id: 1 }, data: { mode: "live" } })).rejects.toThrow(
    "portal_state_clock",
  );
});

/** A license with one billed hour, and a line in the audit trail. */
async function billed(world: World): Promise<void> {
  const license = await world.hasLicense();
  await world.uses(license, { quantity: "12.5" });
  await world.closesTheHour();
  await world.settles();
  await db().auditEntry.create({
    data: { at: new Date(), actor: "tester", action: "tested", subject: "all", detail: {} },
  });
  expect(await world.billed()).toHaveLength(1);
}

/** Inserts the record once more, for the hour after unless it should be the very same, with one thing changed. */
async function copyRecord(change: string): Promise<number> {
  const columns = `series_id, license_id, buyer_id, product_code, dimension, hour, timestamp, identity, license_arn,
    customer_aws_account_id, customer_identifier, region, quantity, allocations, counted, carried_in, carried_on, aim, last_call, sealed_at`;
  const [name, value] = change.split(" => ");
  const values = columns.split(/,\s+/).map((column) => {
    if (name === "identity" && column === "identity") return "'legacy'";
    if (name === "identity" && column === "license_arn") return "NULL";
    if (column === name && value) return value;
    return change !== "" && (column === "hour" || column === "timestamp")
      ? `${column} + interval '1 hour'`
      : column;
  });
  return db().$executeRawUnsafe(
    `INSERT INTO usage_record (${columns}) SELECT ${values.join(", ")} FROM usage_record`,
  );
}
