import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { dropDatabase, withClient } from "../databases.ts";
import { testDatabase } from "../test-database.ts";
import { deployMigrations } from "./deploy.ts";
import { PRISMA_FOLDER } from "./files.ts";

test("four deploys at once into a database that does not exist apply each migration once", async () => {
  const url = await emptyDatabase();
  const applied = await Promise.all([1, 2, 3, 4].map(() => deployMigrations(url)));
  const names = readdirSync(path.join(PRISMA_FOLDER, "migrations")).filter((name) => /^\d{14}_/.test(name));
  expect(applied.flat()).toEqual(names.sort());
});

test("a migration that fails leaves nothing behind and is tried again", async () => {
  const url = await emptyDatabase();
  const { folder, write } = copyOfMigrations();
  write("create table half (id int); select nothing_like_this();");
  await expect(deployMigrations(url, folder)).rejects.toThrow(
    /99999999999999_planted failed.*nothing_like_this/,
  );
  expect(await tableExists(url, "half")).toBe(false);

  write("create table half (id int);");
  expect(await deployMigrations(url, folder)).toEqual(["99999999999999_planted"]);
  expect(await tableExists(url, "half")).toBe(true);
});

test("a migration that was changed after it had been applied is refused by name", async () => {
  const url = await emptyDatabase();
  const { folder, write } = copyOfMigrations();
  write("create table whole (id int);");
  await deployMigrations(url, folder);
  write("create table whole (id bigint);");
  await expect(deployMigrations(url, folder)).rejects.toThrow("99999999999999_planted was changed");
});

async function emptyDatabase(): Promise<string> {
  const url = await testDatabase();
  await dropDatabase(url);
  return url;
}

function copyOfMigrations() {
  const folder = mkdtempSync(path.join(tmpdir(), "migrations-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  cpSync(PRISMA_FOLDER, folder, { recursive: true });
  const planted = path.join(folder, "migrations", "99999999999999_planted");
  mkdirSync(planted);
  return { folder, write: (sql: string) => writeFileSync(path.join(planted, "migration.sql"), sql) };
}

function tableExists(url: string, name: string): Promise<boolean> {
  return withClient(url, async (client) => {
    const { rows } = await client.query("select to_regclass($1) is not null as there", [name]);
    return rows[0].there;
  });
}
