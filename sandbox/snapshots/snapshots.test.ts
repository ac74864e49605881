import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { describe, expect } from "vitest";
import { findAgreementByLicense, listAgreements } from "../state/agreements.ts";
import { bringUpToDate, openDatabase } from "../state/database.ts";
import { listLedger } from "../state/ledger.ts";
import { openSandbox, usageOf } from "../testing/sandbox.ts";
import { test } from "../testing/sandbox-test.ts";

describe("The market's state", () => {
  test("is kept by name, restored, and forked; the clock comes along", async ({ sandbox }) => {
    const bought = await sandbox.subscribe();
    const take = (name: string) => sandbox.door("POST", "/_sandbox/snapshots", { name });
    expect((await take("spring")).status).toBe(201);
    await sandbox.batch([usageOf(bought)]);
    await sandbox.faults({ throttle: 1 });
    const restore = await sandbox.door("POST", "/_sandbox/snapshots/spring/restore", {});
    expect(restore.json).toMatchObject({ current: "spring", items: [{ name: "spring" }] });
    expect((await sandbox.ledger()).items).toEqual([]);
    expect(await sandbox.faults({})).toMatchObject({ throttle: 0 });
    expect((await sandbox.resolve(bought.registrationToken)).LicenseArn).toBe(bought.licenseArn);
    const fork = await sandbox.door("POST", "/_sandbox/snapshots/spring/fork", { name: "summer" });
    expect(fork.json).toMatchObject({ current: "summer", items: [{ name: "spring" }, { name: "summer" }] });
    expect((await take("../../etc")).status).toBe(400);
    expect((await sandbox.door("POST", "/_sandbox/snapshots/winter/restore", {})).status).toBe(404);
    expect((await sandbox.door("DELETE", "/_sandbox/snapshots/spring", {})).json).toMatchObject({
      items: [{ name: "summer" }],
    });
  });

  test("goes into one JSON file and comes out of it in another sandbox, without the signing key", async ({
    sandbox,
  }) => {
    const bought = await sandbox.subscribe();
    await sandbox.subscribe({ integration: "legacy" });
    await sandbox.batch([usageOf(bought)]);
    await sandbox.batch(Array.from({ length: 25 }, (_, at) => usageOf(bought, { Quantity: at })));
    const file = (await sandbox.door("GET", "/_sandbox/state")).json as Record<string, unknown>;
    expect(JSON.stringify(file)).not.toContain("PRIVATE KEY");
    expect(JSON.stringify(file)).not.toContain(bought.registrationToken);
    const other = await openSandbox();
    try {
      expect((await other.door("PUT", "/_sandbox/state", file)).json).toEqual({ imported: true });
      expect((await other.ledger()).items).toEqual((await sandbox.ledger()).items);
      expect((await other.calls()).items).toEqual((await sandbox.calls()).items);
      expect((await other.calls()).items[0]?.request).toContain('"Quantity":24');
      expect((await other.resolve(bought.registrationToken)).LicenseArn).toBe(bought.licenseArn);
      const refused = async (changes: object) =>
        (await other.door("PUT", "/_sandbox/state", { ...file, ...changes })).status;
      expect(await refused({ version: 99 })).toBe(400);
      expect(await refused({ tables: { nonsense: [{ a: 1 }] } })).toBe(400);
      expect(await refused({ tables: { ledger: [{ hour: "noon" }] } })).toBe(400);
      expect(await refused({ tables: { ledger: [{ hour: 1e18 }] } })).toBe(400);
      expect(await refused({ tables: { settings: [{ name: "faults", value: "{bad" }] } })).toBe(400);
      expect(
        await refused({ tables: { settings: [{ name: "switches", value: '{"delivery":"by pigeon"}' }] } }),
      ).toBe(400);
      expect(await refused({ tables: { calls: [{ id: 1, request: { a: 1 } }] } })).toBe(400);
      const { agreements: _, ...orphans } = file.tables as Record<string, unknown>;
      expect(await refused({ tables: orphans })).toBe(400);
      expect(await refused({ now: "9999-01-01T00:00:00Z" })).toBe(400);
      expect((await other.ledger()).items).toHaveLength(1);
    } finally {
      await other.close();
    }
  });

  test("of an older sandbox is brought up to date; of a newer one it is left alone", () => {
    const folder = mkdtempSync(join(tmpdir(), "sandbox-old-"));
    try {
      const file = join(folder, "state.sqlite");
      const old = new DatabaseSync(file);
      bringUpToDate(old, 1);
      old.exec(`PRAGMA user_version = 0;
        INSERT INTO products VALUES ('code', 'prod-1', 'One', 'subscription');
        INSERT INTO buyers VALUES ('553810027748', 'Ostra Payments', NULL);
        INSERT INTO agreements (id, product_code, account_id, license_arn, offer_id, offer, accepted_at, activates_at, activated_at)
          VALUES ('agmt-1', 'code', '553810027748', 'arn:l-1', 'offer-1', 'subscription', 1, 2, 2);
        INSERT INTO ledger VALUES ('id-1', 'license', 'us-east-1', 'code', 'arn:l-1', '553810027748', 'd', 0, 3, '[]', 1, 5)`);
      old.close();
      const db = openDatabase(file);
      expect(listAgreements(db)).toMatchObject([
        { id: "agmt-1", initialId: "agmt-1", intent: "NEW", activatedAt: 2 },
      ]);
      expect(findAgreementByLicense(db, "arn:l-1")?.id).toBe("agmt-1");
      expect(listLedger(db, 9)).toMatchObject([{ meteringRecordId: "id-1", quantity: 3, isDouble: 0 }]);
      db.close();
      const newer = new DatabaseSync(file);
      newer.exec("PRAGMA user_version = 99");
      newer.close();
      expect(() => openDatabase(file)).toThrow("newer sandbox");
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
