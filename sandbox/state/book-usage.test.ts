import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { bookAll, type NewUsage } from "./book-usage.ts";
import { openDatabase } from "./database.ts";
import { listLedger } from "./ledger.ts";

const USAGE: NewUsage = {
  region: "us-east-1",
  identity: "license",
  productCode: "code",
  accountId: "553810027748",
  licenseArn: "arn:aws:license-manager::294406891311:license:l-1",
  dimension: "gb_indexed",
  hour: 0,
  quantity: 4,
  allocations: "[]",
  recordedAt: 1,
};

test("one call books each hour once: the first stands, the same again is a send, another is told so", () => {
  const db = openLedger();
  const other = { ...USAGE, quantity: 5 };
  const elsewhere = { ...USAGE, dimension: "api_calls" };
  const booked = bookAll(db, [USAGE, other, elsewhere, USAGE, other]);
  expect(booked.map(({ outcome }) => outcome)).toEqual(["booked", "other", "booked", "same", "other"]);
  const [first, , third] = booked.map(({ meteringRecordId }) => meteringRecordId);
  expect(booked.map(({ meteringRecordId }) => meteringRecordId)).toEqual([first, first, third, first, first]);

  // What came second the last time comes first now: it is still not what stands.
  const again = bookAll(db, [other, USAGE, USAGE]);
  expect(again.map(({ outcome }) => outcome)).toEqual(["other", "same", "same"]);
  expect(listLedger(db, 10)).toMatchObject([
    { dimension: "api_calls", quantity: 4, sends: 1 },
    { dimension: "gb_indexed", quantity: 4, sends: 4, meteringRecordId: first },
  ]);
  expect(bookAll(db, [])).toEqual([]);
});

test("the same usage under two identities in one call is marked as billed twice", () => {
  const db = openLedger();
  const byProduct: NewUsage = { ...USAGE, identity: "legacy", licenseArn: "" };
  expect(bookAll(db, [USAGE, byProduct]).map(({ outcome }) => outcome)).toEqual(["booked", "booked"]);
  expect(listLedger(db, 10).map(({ isDouble }) => isDouble)).toEqual([1, 1]);
});

function openLedger() {
  const folder = mkdtempSync(join(tmpdir(), "sandbox-ledger-"));
  const db = openDatabase(join(folder, "state.sqlite"), { isDurable: false });
  onTestFinished(() => {
    db.close();
    rmSync(folder, { recursive: true });
  });
  return db;
}
