import { expect } from "vitest";
import { runOperations } from "#lib/metering/submission/run-operations.ts";
import { openCaller } from "#lib/testing/caller.ts";
import { test } from "#lib/testing/world-test.ts";
import { DELETE as abort, GET as read } from "../../operations/[id]/route.ts";
import { POST as retry } from "./route.ts";

test("records of a filter are previewed, retried by an operation, and its progress is told", async ({
  world,
}) => {
  const { calls } = await openCaller();
  const license = await world.hasLicense();
  await world.uses(license, { dimension: "gb_indexed" }, { dimension: "api_calls" });
  await world.closesTheHour();
  const filter = { dimension: "gb_indexed", state: "sealed" };

  const preview = await calls(retry, { body: { filter, preview: true } });
  expect(preview).toMatchObject({ status: 200, body: { matched: 1, retried: 1, skipped: [] } });
  const started = await calls(retry, { body: { filter } });
  expect(started).toMatchObject({ status: 202, body: { operationId: expect.any(String) } });
  const params = { id: String(started.body.operationId) };
  expect(await calls(read, { params })).toMatchObject({
    status: 200,
    body: { state: "running", matched: 1 },
  });
  await runOperations(new Date());
  const done = await calls(read, { params });
  expect(done.body).toMatchObject({ state: "done", done: 1, skipped: 0, actor: "key product" });
  expect(await calls(abort, { params })).toMatchObject({ status: 202, body: { state: "done" } });
});

test("an operation that was aborted before it began changes nothing", async ({ world }) => {
  const { calls } = await openCaller();
  const license = await world.hasLicense();
  await world.uses(license, {});
  await world.closesTheHour();
  const started = await calls(retry, { body: { filter: { state: "sealed" } } });
  const params = { id: String(started.body.operationId) };
  await calls(abort, { params });
  await runOperations(new Date());
  expect((await calls(read, { params })).body).toMatchObject({ state: "aborted", done: 0 });
});

test("ids are retried at once, previewed without a change, and not both or neither", async ({ world }) => {
  const { calls } = await openCaller();
  const license = await world.hasLicense();
  await world.uses(license, {});
  await world.closesTheHour();
  const [record] = await world.records();
  const ids = [record?.id ?? "", "0192f0c4-0000-7000-8000-000000000000"];
  const preview = await calls(retry, { body: { ids, preview: true } });
  expect(preview.body).toMatchObject({ matched: 2, retried: 1, skipped: [{ id: ids[1] }] });
  expect((await calls(retry, { body: { ids } })).body).toMatchObject({
    retried: 1,
    skipped: [{ id: ids[1] }],
  });
  for (const body of [{}, { filter: {} }, { ids, filter: { state: "sealed" } }, { ids: [] }])
    expect((await calls(retry, { body })).status).toBe(400);
  const params = { id: "nothing" };
  expect((await calls(read, { params })).status).toBe(404);
  expect((await calls(abort, { params })).status).toBe(404);
});
