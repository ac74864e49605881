import { expect } from "vitest";
import { test } from "../testing/world-test.ts";
import { db, pool } from "./client.ts";
import { inOneMessage, inSql, readSql } from "./sql.ts";

test("statements of one message are answered each, and one that fails undoes them all", async ({ world }) => {
  expect(world).toBeDefined();
  await db().$executeRaw`CREATE TABLE once (n int PRIMARY KEY)`;
  const write = (n: number) => ({
    name: "write once",
    text: "INSERT INTO once VALUES ($1) RETURNING n",
    values: [n],
  });
  expect(await inOneMessage([write(1), write(2)])).toEqual([[{ n: 1 }], [{ n: 2 }]]);
  await expect(inOneMessage([write(3), write(1), write(4)])).rejects.toThrow("once_pkey");
  expect(await inOneMessage([write(5)])).toEqual([[{ n: 5 }]]);
  expect(await db().$queryRaw`SELECT n FROM once ORDER BY n`).toEqual([{ n: 1 }, { n: 2 }, { n: 5 }]);
});

test("what travels with the commit fails the transaction when it fails", async ({ world }) => {
  expect(world).toBeDefined();
  await db().$executeRaw`CREATE TABLE once (n int PRIMARY KEY)`;
  const write = async (...numbers: number[]) =>
    inSql(async (sql) => {
      for (const n of numbers) sql.later("write", "INSERT INTO once VALUES ($1)", [n]);
    });
  await write(1, 2);
  await expect(write(3, 1)).rejects.toThrow("once_pkey");
  expect(await db().$queryRaw`SELECT n FROM once ORDER BY n`).toEqual([{ n: 1 }, { n: 2 }]);
});

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

test("a connection that breaks before anybody has asked it anything ends nothing but itself", async ({
  world,
}) => {
  expect(world).toBeDefined();
  const lent = await pool().connect();
  const over = new Promise((resolve) => lent.once("end", resolve));
  const { rows } = await lent.query<{ pid: number }>("SELECT pg_backend_pid() AS pid");
  await readSql("end a backend", "SELECT pg_terminate_backend($1, 5000)", [rows[0]?.pid]);
  await over;
  await expect(lent.query("SELECT 1")).rejects.toThrow(/connection/i);
  lent.release(true);
});
