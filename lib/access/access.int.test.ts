import { expect } from "vitest";
import { db } from "../database/client.ts";
import { test } from "../testing/world-test.ts";
import { readSession, sessionCookie } from "./auth-options.ts";
import { createAdmin } from "./create-admin.ts";
import { createApiKey, registerApiKey } from "./create-api-key.ts";
import { ensureFirstAdmin } from "./ensure-first-admin.ts";
import { identifyApiKey } from "./identify-api-key.ts";
import { signIn } from "./sign-in.ts";

const ada = { email: "Ada@Example.com", password: "correct horse battery" };

test("an admin signs in with their own password, however the e-mail is written, and nobody else does", async ({
  world,
}) => {
  expect(world).toBeDefined();
  const made = await createAdmin(ada);
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
  expect(await createAdmin({ ...ada, email: "ada@EXAMPLE.com" })).toMatchObject({
    ok: false,
    reason: "exists",
  });
});

test("after ten wrong passwords the e-mail has to wait, also with the right one, and others do not", async ({
  world,
}) => {
  expect(world).toBeDefined();
  await createAdmin(ada);
  for (let attempt = 0; attempt < 10; attempt++)
    expect(await signIn({ ...ada, password: "wrong" })).toMatchObject({ reason: "wrong" });
  expect(await signIn(ada)).toMatchObject({ ok: false, reason: "too_many" });
  expect(await signIn({ ...ada, email: "bob@example.com" })).toMatchObject({ reason: "wrong" });
  await db().$executeRaw`UPDATE sign_in_failure SET at = at - interval '16 minutes'`;
  expect(await signIn(ada)).toMatchObject({ ok: true });
  expect(await db().signInFailure.count()).toBe(0);
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
  await db().apiKey.updateMany({ data: { revokedAt: new Date() } });
  expect(await identifyApiKey(key.secret)).toBeNull();
});

test("a key from the environment is registered once and keeps its newest scopes", async ({ world }) => {
  expect(world).toBeDefined();
  const secret = "a-bootstrap-key-of-tests-long";
  await registerApiKey({ name: "BOOTSTRAP_API_KEY", secret, scopes: ["usage:write"] });
  await registerApiKey({ name: "BOOTSTRAP_API_KEY", secret, scopes: ["usage:read"] });
  expect(await db().apiKey.count()).toBe(1);
  expect(await identifyApiKey(secret)).toMatchObject({ scopes: ["usage:read"] });
});

test("a session names whom it was made for, and a damaged one names nobody", async ({ world }) => {
  expect(world).toBeDefined();
  const person = { kind: "buyer" as const, id: "some-member", email: "ada@example.com" };
  const { value } = await sessionCookie(person);
  expect(await readSession(value)).toEqual(person);
  for (const damaged of [undefined, "", "x.y.z", `${value.slice(0, -4)}AAAA`, value.slice(1)])
    expect(await readSession(damaged)).toBeNull();
});
