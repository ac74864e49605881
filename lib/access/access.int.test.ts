import { expect } from "vitest";
import { db } from "../database/client.ts";
import { test } from "../testing/world-test.ts";
import { readSession, sessionCookie } from "./auth-options.ts";
import { createAdmin } from "./create-admin.ts";
import { createApiKey, registerApiKey } from "./create-api-key.ts";
import { ensureFirstAdmin } from "./ensure-first-admin.ts";
import { identifyApiKey } from "./identify-api-key.ts";
import { removeAdmin } from "./remove-admin.ts";
import { revokeApiKey } from "./revoke-api-key.ts";
import { signIn } from "./sign-in.ts";
import { findAdmin, listAdmins, listApiKeys } from "./views.ts";

const by = { actor: "tester", now: new Date("2027-01-15T12:00:00Z") };
const ada = { email: "Ada@Example.com", password: "correct horse battery" };

test("an admin signs in with their own password, however the e-mail is written, and nobody else does", async ({
  world,
}) => {
  expect(world).toBeDefined();
  const made = await createAdmin(ada, by);
  const id = made.ok ? made.value.id : "";
  expect(await signIn({ ...ada, email: " ADA@example.com " })).toEqual({
    ok: true,
    value: { id, email: "ada@example.com" },
  });
  expect(await signIn({ ...ada, password: "correct horse batterz" })).toMatchObject({
    ok: false,
    reason: "wrong",
  });
  expect(await signIn({ email: "eve@example.com", password: ada.password })).toMatchObject({
    ok: false,
    reason: "wrong",
  });
  expect(await createAdmin({ ...ada, email: "ada@EXAMPLE.com" }, by)).toMatchObject({
    ok: false,
    reason: "exists",
  });
  expect(await db().auditEntry.findMany()).toMatchObject([
    { action: "admin.created", actor: "tester", subject: id, detail: { email: "ada@example.com" } },
  ]);
});

test("an admin who is removed is out at once, is audited, and never is the last one", async ({ world }) => {
  expect(world).toBeDefined();
  const made = await createAdmin(ada, by);
  const id = made.ok ? made.value.id : "";
  const removes = (email: string) => removeAdmin({ email, ...by });
  expect(await removes(ada.email)).toMatchObject({ reason: "last" });
  expect(await findAdmin(id)).toMatchObject({ email: "ada@example.com" });
  await createAdmin({ ...ada, email: "bob@example.com" }, by);
  expect(await removes("eve@example.com")).toMatchObject({ reason: "unknown" });
  // Both at one moment: one of them stays.
  expect(
    (await Promise.all([removes(ada.email), removes("bob@example.com")])).filter(({ ok }) => ok),
  ).toHaveLength(1);
  const [left] = await listAdmins();
  const gone = left?.email === "ada@example.com" ? "bob@example.com" : "ada@example.com";
  expect(await listAdmins()).toHaveLength(1);
  expect(await signIn({ ...ada, email: gone })).toMatchObject({ reason: "wrong" });
  expect(await db().auditEntry.findMany({ where: { action: "admin.removed" } })).toMatchObject([
    { actor: "tester", detail: { email: gone } },
  ]);
});

test("a session of an admin who was removed opens nothing any more", async ({ world }) => {
  expect(world).toBeDefined();
  const made = await createAdmin(ada, by);
  await createAdmin({ ...ada, email: "bob@example.com" }, by);
  const id = made.ok ? made.value.id : "";
  const { value } = await sessionCookie({ kind: "admin", id, email: "ada@example.com" });
  const session = await readSession(value);
  expect(await findAdmin(session?.id ?? "")).toMatchObject({ id });
  await removeAdmin({ email: ada.email, ...by });
  expect(await findAdmin(session?.id ?? "")).toBeNull(); // what requireAdmin asks for every page and action
  await createAdmin(ada, by); // the same address again is another person to it
  expect(await findAdmin(session?.id ?? "")).toBeNull();
});

test("after ten wrong passwords the e-mail has to wait, also with the right one, and others do not", async ({
  world,
}) => {
  expect(world).toBeDefined();
  await createAdmin(ada, by);
  for (let attempt = 0; attempt < 10; attempt++)
    expect(await signIn({ ...ada, password: "wrong" })).toMatchObject({ reason: "wrong" });
  expect(await signIn(ada)).toMatchObject({ ok: false, reason: "too_many" });
  expect(await signIn({ ...ada, email: "bob@example.com" })).toMatchObject({ reason: "wrong" });
  await db().$executeRaw`UPDATE sign_in_failure SET at = at - interval '16 minutes'`;
  expect(await signIn(ada)).toMatchObject({ ok: true });
  expect(await db().signInFailure.count()).toBe(0);
});

test("of many wrong passwords at one moment ten are tried, and right ones at one moment all are", async ({
  world,
}) => {
  expect(world).toBeDefined();
  await createAdmin(ada, by);
  const tries = async (many: number, password: string) =>
    (await Promise.all(Array.from({ length: many }, () => signIn({ ...ada, password })))).map((came) =>
      came.ok ? "in" : came.reason,
    );
  expect(await tries(5, ada.password)).toEqual(Array(5).fill("in"));
  expect((await tries(30, "wrong")).filter((came) => came === "wrong")).toHaveLength(10);
  expect(await signIn(ada)).toMatchObject({ reason: "too_many" });
});

test("the first admin is made once, and a made-up password is told once", async ({ world }) => {
  expect(world).toBeDefined();
  const first = await ensureFirstAdmin({});
  expect(first).toMatchObject({ created: true, email: "admin@example.com" });
  expect(await signIn({ email: first.email, password: first.password ?? "" })).toMatchObject({ ok: true });
  expect(await ensureFirstAdmin(ada)).toEqual({ created: false, email: "admin@example.com" });
});

test("an API key is known by its secret alone, is stored only as a hash, and ends when it is revoked", async ({
  world,
}) => {
  expect(world).toBeDefined();
  const key = await createApiKey({
    name: "Product",
    scopes: ["usage:write"],
    actor: "tester",
    now: new Date(),
  });
  expect(await identifyApiKey(key.secret)).toEqual({ id: key.id, name: "Product", scopes: ["usage:write"] });
  for (const secret of ["", key.prefix, `${key.secret} `, key.secret.toUpperCase()])
    expect(await identifyApiKey(secret)).toBeNull();
  const rows = await db().$queryRaw<
    { row: string }[]
  >`SELECT k::text AS row FROM api_key k UNION ALL SELECT a::text FROM audit_entry a`;
  expect(rows).toHaveLength(2);
  expect(JSON.stringify(rows)).not.toContain(key.secret.slice(8));
  expect(await revokeApiKey({ idOrPrefix: key.prefix, ...by })).toEqual({
    ok: true,
    value: { name: "Product" },
  });
  expect(await identifyApiKey(key.secret)).toBeNull();
  expect(await revokeApiKey({ idOrPrefix: key.prefix, ...by })).toMatchObject({ reason: "unknown" });
  expect(await listApiKeys()).toMatchObject([{ prefix: key.prefix, revokedAt: expect.any(Date) }]);
  expect(await db().auditEntry.findMany({ where: { action: "api_key.revoked" } })).toMatchObject([
    { actor: "tester", subject: key.id, detail: { name: "Product" } },
  ]);
});

test("of two keys that begin alike none is revoked by its beginning, and one is by its id", async ({
  world,
}) => {
  expect(world).toBeDefined();
  for (const secret of ["same-beginning-of-a-key", "same-beginning-of-another"])
    await registerApiKey({ name: secret, secret, scopes: ["usage:read"] });
  expect(await revokeApiKey({ idOrPrefix: "same", ...by })).toMatchObject({ reason: "ambiguous" });
  const key = (await listApiKeys()).find(({ name }) => name === "same-beginning-of-a-key");
  expect(await revokeApiKey({ idOrPrefix: key?.id ?? "", ...by })).toMatchObject({ ok: true });
  expect(await identifyApiKey("same-beginning-of-a-key")).toBeNull();
  expect(await identifyApiKey("same-beginning-of-another")).not.toBeNull();
});

test("a key from the environment is registered once and keeps its newest scopes", async ({ world }) => {
  expect(world).toBeDefined();
  const secret = "a-bootstrap-key-of-tests-long";
  await registerApiKey({ name: "BOOTSTRAP_API_KEY", secret, scopes: ["usage:write"] });
  await registerApiKey({ name: "BOOTSTRAP_API_KEY", secret, scopes: ["usage:read"] });
  expect(await db().apiKey.count()).toBe(1);
  expect(await identifyApiKey(secret)).toMatchObject({ scopes: ["usage:read"] });
  await revokeApiKey({ idOrPrefix: "a-bo", ...by });
  await registerApiKey({ name: "BOOTSTRAP_API_KEY", secret, scopes: ["usage:read"] }); // the next start
  expect(await identifyApiKey(secret)).toBeNull();
});

test("a session names whom it was made for, and a damaged one names nobody", async ({ world }) => {
  expect(world).toBeDefined();
  const person = { kind: "buyer" as const, id: "some-member", email: "ada@example.com" };
  const { value } = await sessionCookie(person);
  expect(await readSession(value)).toEqual(person);
  for (const damaged of [undefined, "", "x.y.z", `${value.slice(0, -4)}AAAA`, value.slice(1)])
    expect(await readSession(damaged)).toBeNull();
});
