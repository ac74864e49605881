import { expect, vi } from "vitest";
import { operates } from "#lib/testing/operator.ts";
import { test } from "#lib/testing/world-test.ts";

// Each command is a process of its own, on a machine that others use too.
vi.setConfig({ testTimeout: 120_000 });

test("keys and admins are listed and shut out from the command line", async ({ world }) => {
  const says = (...words: string[]) => operates(world.environment, ...words);
  const key = await says("api-key", "create", "--name", "app", "--scopes", "usage:write");
  const prefix = key.said.slice(0, 8);
  expect((await says("api-key", "list")).said).toContain(`${prefix}… app (usage:write): never used, id `);
  expect(await says("api-key", "revoke", prefix)).toEqual({ code: 0, said: "revoked: app\n" });
  expect(await says("api-key", "revoke", prefix)).toMatchObject({ code: 1 });
  expect((await says("api-key", "list")).said).toContain("(usage:write): revoked ");
  expect(await says("api-key", "revoke")).toMatchObject({ code: 1 });

  for (const email of ["ada@example.com", "bob@example.com"])
    await says("admin", "create", "--email", email, "--password", "correct horse battery");
  expect((await says("admin", "list")).said).toMatch(
    /^ada@example.com since .*\nbob@example.com since .*\n$/,
  );
  expect(await says("admin", "remove", "Ada@example.com")).toMatchObject({ code: 0 });
  expect(await says("admin", "remove", "ada@example.com")).toMatchObject({ code: 1 });
  expect(await says("admin", "remove", "bob@example.com")).toMatchObject({
    code: 1,
    said: expect.stringContaining("last admin"),
  });
});
