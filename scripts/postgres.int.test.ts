import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { withClient } from "./databases.ts";
import { diesWithin, isAlive } from "./launch/processes.mjs";
import { startPostgres } from "./postgres.ts";

test("below a folder nobody else may enter it starts, keeps what was stored, and stops", async () => {
  const dataDir = folder();
  const first = await start(dataDir);
  expect(first.adopted).toBe(false);
  await withClient(first.url("postgres"), (client) => client.query("create table kept as select 7 as n"));
  await first.stop();
  expect(isAlive(first.pid)).toBe(false);

  const second = await start(dataDir);
  expect(await firstValue(second.url("postgres"), "select n from kept")).toBe(7);
  expect(await firstValue(second.url("postgres"), "show timezone")).toBe("UTC");
  expect(await firstValue(second.url("postgres"), "show server_encoding")).toBe("UTF8");
});

test("a server that outlived its starter is adopted", async () => {
  const dataDir = folder();
  const first = await start(dataDir);
  const second = await start(dataDir);
  expect(second).toMatchObject({ adopted: true, pid: first.pid });
  expect(second.url("x")).toBe(first.url("x"));
});

test("after kill -9 of the server nothing committed is missing", async () => {
  const dataDir = folder();
  const first = await start(dataDir, true);
  await withClient(first.url("postgres"), (client) => client.query("create table kept as select 7 as n"));
  process.kill(first.pid, "SIGKILL");
  await diesWithin(first.pid, 5_000);
  const second = await start(dataDir, true);
  expect(second.adopted).toBe(false);
  expect(await firstValue(second.url("postgres"), "select n from kept")).toBe(7);
});

test("a pid file whose number belongs to a stranger today is not believed", async () => {
  const dataDir = folder();
  await (await start(dataDir)).stop();
  writeFileSync(path.join(dataDir, "postgres", "cluster", "postmaster.pid"), `${process.pid}\n`);
  expect((await start(dataDir)).adopted).toBe(false);
});

test("the port is kept from start to start, and given up when somebody took it", async () => {
  const dataDir = folder();
  const first = await start(dataDir);
  const port = Number(new URL(first.url("x")).port);
  await first.stop();
  const again = await start(dataDir);
  expect(new URL(again.url("x")).port).toBe(String(port));
  await again.stop();

  const stranger = createServer().listen(port, "127.0.0.1");
  onTestFinished(() => void stranger.close());
  expect(new URL((await start(dataDir)).url("x")).port).not.toBe(String(port));
});

test("a password is needed, and another one is told apart from a server that does not answer", async () => {
  const dataDir = folder();
  const server = await start(dataDir);
  const wrong = server.url("postgres").replace(/:[^:@]+@/, ":wrong@");
  await expect(withClient(wrong, async () => undefined)).rejects.toThrow(/password authentication failed/);
  const file = path.join(dataDir, "postgres", "password");
  const password = readFileSync(file);
  writeFileSync(file, "wrong\n");
  await expect(startPostgres({ dataDir, durable: false })).rejects.toThrow(
    /refuses the password in its folder/,
  );
  writeFileSync(file, password);
});

test("files of another major version are refused with what to do", async () => {
  const dataDir = folder();
  await (await start(dataDir)).stop();
  writeFileSync(path.join(dataDir, "postgres", "cluster", "PG_VERSION"), "17\n");
  await expect(startPostgres({ dataDir, durable: false })).rejects.toThrow(
    /belongs to PostgreSQL 17, this is PostgreSQL 18/,
  );
});

async function start(dataDir: string, durable = false) {
  const server = await startPostgres({ dataDir, durable });
  onTestFinished(() => server.stop());
  return server;
}

async function firstValue(url: string, query: string): Promise<unknown> {
  return withClient(url, async (client) => Object.values((await client.query(query)).rows[0])[0]);
}

function folder(): string {
  const made = mkdtempSync(path.join(tmpdir(), "postgres-"));
  chmodSync(made, 0o700);
  onTestFinished(() => rmSync(made, { recursive: true, force: true }));
  return made;
}
