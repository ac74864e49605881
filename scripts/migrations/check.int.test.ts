import {
  appendFileSync,
  copyFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeAll, describe, expect, inject, test } from "vitest";
import { withDatabase } from "../databases.ts";
import { checkMigrations } from "./check.ts";
import { PRISMA_FOLDER } from "./files.ts";

const PLANTED: [what: string, sql: string, complaint: RegExp][] = [
  ["a table", "create table extra ()", /^table extra: made by a migration, but not in schema.prisma/],
  [
    "a column",
    "alter table admin add column nickname text",
    /^column admin.nickname: made by a migration, but/,
  ],
  [
    "a missing column",
    "alter table api_key drop column created_at",
    /^column api_key.created_at: in schema.prisma, but no/,
  ],
  [
    "a column's type",
    "alter table admin alter password_hash type varchar(100)",
    /^column admin.password_hash: .*varying\(100\)/,
  ],
  [
    "nullability",
    "alter table admin alter email drop not null",
    /^column admin.email: the migrations make "text"/,
  ],
  ["a default", "alter table api_key alter name set default 'x'", /^column api_key.name: .*default 'x'/],
  [
    "an index",
    "create index by_created on admin (created_at)",
    /^index by_created: made by a migration, but not in/,
  ],
  [
    "a missing index",
    "drop index admin_email_key",
    /^index admin_email_key: in schema.prisma, but no migration/,
  ],
  [
    "a primary key",
    "alter table admin drop constraint admin_pkey",
    /^primary key admin.admin_pkey: in schema.prisma/,
  ],
  [
    "a foreign key",
    "alter table license drop constraint license_buyer_id_fkey",
    /^foreign key license.license_buyer_id/,
  ],
  [
    "an unlisted check",
    "alter table admin add constraint c check (email <> '')",
    /^check admin.c: .* not listed/,
  ],
  [
    "an unlisted trigger",
    "create trigger t before update on admin execute function refuse_change()",
    /^trigger admin.t:/,
  ],
  [
    "an unlisted function",
    "create function f() returns int language sql as 'select 1'",
    /^function f: .* not listed/,
  ],
  [
    "an unlisted partial index",
    "create index p on admin (email) where email > 'a'",
    /^index p: .* not listed/,
  ],
  [
    "a listed trigger that is gone",
    "drop trigger insert_only on movement",
    /^trigger movement.insert_only: listed in/,
  ],
];

describe("a migration that does all of it", () => {
  let complaints: string[];
  beforeAll(async () => {
    const folder = copyOfPrisma();
    plantMigration(folder, PLANTED.map(([, sql]) => `${sql};`).join("\n"));
    complaints = await check(folder);
  });

  test.each(PLANTED)("the check finds %s", (_what, _sql, complaint) => {
    expect(complaints.filter((each) => complaint.test(each))).toHaveLength(1);
  });

  test("the check finds nothing else", () => expect(complaints).toHaveLength(PLANTED.length));
});

test("a listed difference is allowed, a line that lists an ordinary column is not", async () => {
  const folder = copyOfPrisma();
  plantMigration(
    folder,
    "alter table admin add constraint c check (email <> ''); alter table admin add extra int;",
  );
  list(folder, "check admin.c: an address is never empty");
  list(folder, "column admin.extra: we would like to");
  expect(await check(folder)).toEqual([expect.stringMatching(/^column admin.extra: made by a migration/)]);
});

test("a listed line needs a reason", async () => {
  const folder = copyOfPrisma();
  plantMigration(folder, "alter table admin add constraint c check (email <> '');");
  list(folder, "check admin.c");
  expect(await check(folder)).toEqual([expect.stringMatching(/^check admin.c: .* without a reason/)]);
});

test("a schema that ran ahead of its snapshot is told to write its migration", async () => {
  const folder = copyOfPrisma();
  const schema = path.join(folder, "schema.prisma");
  appendFileSync(schema, "\nmodel Extra {\n  id Int @id\n}\n");
  const complaints = await check(folder);
  expect(complaints).toContainEqual(
    expect.stringMatching(/^table Extra: in schema.prisma, but no migration makes it/),
  );
  expect(complaints.at(-1)).toMatch(/\.schema\.prisma is behind/);
});

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

const check = (folder: string) => checkMigrations(withDatabase(inject("templateUrl"), "postgres"), folder);

/** The project's own prisma folder, which passes, with the schema it agrees with. */
function copyOfPrisma(): string {
  const folder = mkdtempSync(path.join(tmpdir(), "prisma-"));
  folders.push(folder);
  cpSync(PRISMA_FOLDER, folder, { recursive: true });
  copyFileSync(path.join(folder, "migrations", ".schema.prisma"), path.join(folder, "schema.prisma"));
  return folder;
}

function plantMigration(folder: string, sql: string): void {
  const planted = path.join(folder, "migrations", "99999999999999_planted");
  mkdirSync(planted);
  writeFileSync(path.join(planted, "migration.sql"), sql);
}

function list(folder: string, line: string): void {
  const file = path.join(folder, "beyond-prisma.txt");
  writeFileSync(file, `${readFileSync(file, "utf8")}\n${line}\n`);
}
