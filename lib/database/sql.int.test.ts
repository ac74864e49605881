import { expect } from "vitest";
import { test } from "../testing/world-test.ts";
import { inSql, readSql } from "./sql.ts";

test("a connection that breaks inside a transaction fails that transaction, and nobody else notices", async ({
  world,
}) => {
  const breaking = inSql(async (sql) => {
    const [own] = await sql.rows<{ pid: number }>("own backend", "SELECT pg_backend_pid() AS pid");
    await readSql("end a backend", "SELECT pg_terminate_backend($1, 5000)", [own?.pid]);
    await sql.rows("anything", "SELECT 1");
  });
  await expect(breaking).rejects.toThrow(/terminat|connection/i);
  expect(await inSql((sql) => sql.rows("one", "SELECT 1 AS one"))).toEqual([{ one: 1 }]);
  expect(world).toBeDefined();
});
