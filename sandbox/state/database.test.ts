import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { type Database, openDatabase } from "./database.ts";
import { readSetting, writeSetting } from "./settings.ts";

function open(): Database {
  const folder = mkdtempSync(join(tmpdir(), "sandbox-database-"));
  const db = openDatabase(join(folder, "state.sqlite"), { isDurable: false });
  onTestFinished(() => {
    db.close();
    rmSync(folder, { recursive: true });
  });
  return db;
}

const failing = (db: Database, work: () => void) => () =>
  db.transaction(() => {
    work();
    throw new Error("not after all");
  });

test("a part that throws is undone alone, whatever parts around it or in it wrote", () => {
  const db = open();
  db.transaction(() => {
    // Nothing was written before this part, so that it is the first to need a mark.
    expect(failing(db, () => db.transaction(() => writeSetting(db, "inner", "1")))).toThrow("not after all");
    writeSetting(db, "outer", "1");
    db.transaction(() => {
      expect(failing(db, () => writeSetting(db, "outer", "2"))).toThrow();
      expect(failing(db, () => undefined)).toThrow();
      writeSetting(db, "middle", "1");
    });
  });
  expect(["inner", "outer", "middle"].map((name) => readSetting(db, name))).toEqual([undefined, "1", "1"]);
  expect(failing(db, () => writeSetting(db, "outer", "3"))).toThrow();
  expect(readSetting(db, "outer")).toBe("1");
});

test("what is put off is written once at the end, without what belonged to a part that was undone", () => {
  const db = open();
  const written: string[] = [];
  const write = (_: Database, items: readonly string[]) => written.push(items.join("+"));
  db.transaction(() => {
    db.putOff(write, "a");
    expect(failing(db, () => db.putOff(write, "b"))).toThrow();
    db.transaction(() => db.putOff(write, "c"));
    expect(written).toEqual([]);
  });
  expect(failing(db, () => db.putOff(write, "d"))).toThrow();
  db.transaction(() => undefined);
  db.putOff(write, "e");
  expect(written).toEqual(["a+c", "e"]);
});

test("a look at the state does not see what comes after it", () => {
  const db = open();
  writeSetting(db, "seen", "before");
  const reader = db.reader();
  writeSetting(db, "seen", "after");
  const sql = "SELECT value FROM settings WHERE name = 'seen'";
  expect([reader.get(sql), db.get(sql)]).toEqual([{ value: "before" }, { value: "after" }]);
  reader.close();
});
