import { randomBytes } from "node:crypto";
import { globSync, readFileSync } from "node:fs";
import path from "node:path";
import type { Portal } from "../actors/portal.ts";
import { expect, test } from "../fixtures.ts";
import { type Secret, secretsOf } from "../world/secrets.ts";
import type { World } from "../world/world.ts";
import { findings, output, type Trace } from "./search.ts";

test("no token, key or password stands in the output, in a table or in the sandbox's files", async ({
  world,
  portal,
}) => {
  const secrets = secretsOf(world);
  const traces = [output(world), ...(await tables(portal, secrets)), ...sandboxFiles(world)];
  // Each trace is what it should be, and readable: what is no secret is found in it.
  const textOf = (name: string) =>
    traces
      .filter(({ where }) => where.startsWith(name))
      .map(({ text }) => text)
      .join("\n");
  expect(textOf("the output")).toContain("ready in");
  expect(textOf("table admin")).toContain(world.admin.email);
  expect(textOf("sandbox/")).toContain("Ostra Payments");

  expect(findings(secrets, traces)).toEqual([]);
});

test("the search finds a secret in each of its forms", async ({ world }) => {
  const secret: Secret = { what: "registration token", value: randomBytes(85).toString("base64") };
  const bytes = Buffer.from(secret.value);
  const planted = [
    secret.value,
    encodeURIComponent(secret.value),
    new URLSearchParams({ token: secret.value }).toString(),
    bytes.toString("hex"),
    ...["", "a", "ab"].map((before) => Buffer.from(`${before}${secret.value}more`).toString("base64")),
    ...["", "a", "ab"].map((before) => Buffer.from(`${before}${secret.value}`).toString("base64url")),
  ];
  const { where, text } = output(world);
  for (const form of planted) {
    expect(findings([secret], [{ where, text: `${text}{"note":"${form}"}\n` }])).toHaveLength(1);
  }
  expect(findings([secret], [{ where, text }])).toEqual([]);
});

/** Every row of every table of the portal's database. */
async function tables(portal: Portal, secrets: Secret[]): Promise<Trace[]> {
  const url = await portal.databaseUrl();
  // The database's own password is one more word that nothing may repeat.
  secrets.push({ what: "password", value: decodeURIComponent(new URL(url).password) });
  const names = (await portal.query(
    url,
    "SELECT quote_ident(table_name) AS name FROM information_schema.tables WHERE table_schema = 'public' AND table_type = 'BASE TABLE'",
  )) as { name: string }[];
  const dumps: Trace[] = [];
  for (const { name } of names) {
    const rows = (await portal.query(url, `SELECT t::text AS row FROM ${name} t`)) as { row: string }[];
    dumps.push({ where: `table ${name}`, text: rows.map(({ row }) => row).join("\n") });
  }
  return dumps;
}

/** The sandbox's database byte for byte, its journal and what it deleted included. */
function sandboxFiles(world: World): Trace[] {
  const folder = path.join(world.variables.DATA_DIR ?? "", "sandbox");
  return globSync("**/*.sqlite*", { cwd: folder }).map((file) => ({
    where: `sandbox/${file}`,
    text: readFileSync(path.join(folder, file), "latin1"),
  }));
}
