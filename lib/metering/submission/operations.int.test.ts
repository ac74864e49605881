import { expect } from "vitest";
import { db, inTransaction } from "../../database/client.ts";
import { businessNow } from "../../database/clock.ts";
import type { World } from "../../testing/world.ts";
import { test } from "../../testing/world-test.ts";
import { decideRecords } from "./decide-records.ts";
import { OperationFilter, type OperationKind } from "./operation.ts";
import { lockOpenOperation } from "./operation-store.ts";
import { findOperation, listOperations } from "./operation-views.ts";
import { runOperations } from "./run-operations.ts";
import { abortOperation, previewOperation, startOperation, startShownOperation } from "./start-operation.ts";

test("everything of a filter is held and released by the worker, in chunks, with progress; nothing else is touched", async ({
  world,
}) => {
  await hasRecords(world, 1_203);
  const filter = { dimension: "many" };
  expect(await previewOperation({ kind: "hold", filter })).toEqual({
    matched: 1_203,
    done: 1_203,
    skipped: [],
    reasons: [],
    asOf: expect.any(BigInt),
  });
  const id = await starts("hold", filter);
  expect(await findOperation(id)).toMatchObject({ state: "running", matched: 1_203, done: 0 });
  await runOperations(await businessNow());
  expect(await findOperation(id)).toMatchObject({ state: "done", done: 1_203, skipped: 0, reasons: [] });
  expect(
    await db().queuedRecord.groupBy({ by: ["state", "dimension"], _count: true, orderBy: { state: "asc" } }),
  ).toEqual([
    { state: "held", dimension: "many", _count: 1_203 },
    { state: "sealed", dimension: "gb_indexed", _count: 1 },
  ]);
  expect(await world.places()).toEqual({ held: "3609", waiting: "5" });
  await Promise.all([starts("release", filter), starts("release", filter)]);
  await Promise.all([runOperations(await businessNow()), runOperations(await businessNow())]);
  expect(await world.places()).toEqual({ waiting: "3614" });
  expect(await db().auditEntry.count({ where: { action: "record.release" } })).toBe(1_203);
  expect((await world.misfits()).filter(({ check }) => check === "record" || check === "aws")).toEqual([]);
});

test("what cannot be decided is counted before, and named after", async ({ world }) => {
  await hasRecords(world, 120);
  await db().$executeRaw`UPDATE queued_record SET unanswered = true WHERE dimension = 'many'`;
  const filter = { state: "sealed" as const };
  const preview = await previewOperation({ kind: "hold", filter });
  expect(preview).toMatchObject({ matched: 121, done: 1, skipped: [{ reason: "unanswered", records: 120 }] });
  expect(preview.reasons).toHaveLength(100);
  const id = await starts("hold", filter);
  await runOperations(await businessNow());
  const after = await findOperation(id);
  expect(after).toMatchObject({ done: 1, skipped: 120 });
  expect(after?.reasons).toHaveLength(100);
  expect((await listOperations(5)).map((one) => one.id)).toEqual([id]);
});

test("an operation that is aborted stops, and what was done stays done", async ({ world }) => {
  await hasRecords(world, 700);
  const id = await starts("hold", { dimension: "many" });
  await db()
    .$executeRaw`UPDATE operation SET cursor = (SELECT record_id FROM queued_record ORDER BY record_id OFFSET 499 LIMIT 1)`;
  expect(await abortOperation({ id, actor: "tester", now: await businessNow() })).toBe(true);
  expect(await abortOperation({ id, actor: "tester", now: await businessNow() })).toBe(false);
  await runOperations(await businessNow());
  expect(await findOperation(id)).toMatchObject({ state: "aborted", done: 0 });
  expect(await world.places()).toEqual({ waiting: "2105" });
});

test("a retry by filter sends what waits at once, and records sealed later are left alone", async ({
  world,
}) => {
  const license = await world.hasLicense();
  await world.uses(license, { quantity: "5" });
  await world.closesTheHour();
  await db().queuedRecord.updateMany({ data: { nextAttemptAt: new Date("2027-01-16T00:00:00Z") } });
  await starts("retry", {
    productCode: license.productCode,
    from: "2027-01-15T00:00:00Z",
    to: "2027-01-16T00:00:00Z",
  });
  expect(await world.submits()).toBeGreaterThan(0);
  expect((await world.billed()).map(({ quantity }) => quantity)).toEqual([5]);
  const id = await starts("hold", { licenseId: license.licenseId });
  await world.uses(license, { quantity: "6" });
  await world.closesTheHour();
  await runOperations(await businessNow());
  expect(await findOperation(id)).toMatchObject({ state: "done", matched: 0, done: 0 });
});

test("what was shown is what is started: a record that came to it meanwhile starts nothing, and is shown first", async ({
  world,
}) => {
  await hasRecords(world, 3);
  const [one = "", two = "", three = ""] = await many();
  const other = await single();
  await decides("hold", [one, two, three]);
  const release = { kind: "release", filter: OperationFilter.parse({ state: "held" }) } as const;
  const shown = await previewOperation(release);
  expect(shown).toMatchObject({ done: 3 });
  const starts = async (as: typeof shown) =>
    startShownOperation({ ...release, shown: as, actor: "tester", now: await businessNow() });

  await decides("hold", [other]);
  expect(await starts(shown)).toMatchObject({ ok: false, reason: "changed" });
  await decides("release", [one]); // as many as were shown, and not the same
  expect(await starts(shown)).toMatchObject({ ok: false, reason: "changed" });
  expect(await listOperations(5)).toEqual([]);

  const anew = await previewOperation(release);
  await decides("release", [two]); // what left meanwhile is no reason to wait
  const started = await starts(anew);
  expect(started).toMatchObject({ ok: true });
  await runOperations(await businessNow());
  expect((await listOperations(5)).map(({ matched, done }) => [matched, done])).toEqual([[2, 2]]);
  expect(await db().queuedRecord.count({ where: { state: "held" } })).toBe(0);
});

test("a record that is held while a release waits stays on hold, one that was held before goes out", async ({
  world,
}) => {
  await hasRecords(world, 3);
  const [early = "", late = "", back = ""] = await many();
  await decides("hold", [early, back]);
  const id = await starts("release", { dimension: "many" });
  await decides("hold", [late]);
  await decides("release", [back]);
  await decides("hold", [back]);
  await runOperations(await businessNow());
  expect(await findOperation(id)).toMatchObject({ state: "done", done: 1 });
  expect(await many("held")).toEqual([late, back].sort());
});

test("of two operations the second waits until the first is at its end, and both can be stopped", async ({
  world,
}) => {
  await hasRecords(world, 2);
  await decides("hold", await many());
  const first = await starts("release", { dimension: "many" });
  const second = await starts("hold", { dimension: "gb_indexed" });
  await inTransaction(async (tx) => {
    expect(await lockOpenOperation(tx)).toMatchObject({ id: first }); // another worker is within it
    expect(await runOperations(await businessNow())).toBe(0);
    expect(await findOperation(second)).toMatchObject({ state: "running", done: 0 });
    expect(await abortOperation({ id: second, actor: "tester", now: await businessNow() })).toBe(true);
  });
  await runOperations(await businessNow());
  expect(await findOperation(first)).toMatchObject({ state: "done", done: 2 });
  expect(await findOperation(second)).toMatchObject({ state: "aborted", done: 0 });
});

test("an empty filter is refused", async ({ world: _world }) => {
  expect(OperationFilter.safeParse({}).success).toBe(false);
  expect(OperationFilter.safeParse({ state: undefined }).success).toBe(false);
  expect(OperationFilter.safeParse({ everything: true }).success).toBe(false);
  expect(await findOperation("nonsense")).toBeNull();
});

async function starts(kind: OperationKind, filter: OperationFilter): Promise<string> {
  return startOperation({
    kind,
    filter: OperationFilter.parse(filter),
    actor: "tester",
    now: await businessNow(),
  });
}

async function decides(kind: OperationKind, ids: string[]): Promise<void> {
  const decided = await decideRecords({
    ids,
    decision: { kind },
    actor: "somebody",
    now: await businessNow(),
  });
  expect(decided.done).toBe(ids.length);
}

/** The records of which there are many, in their order. */
async function many(state?: string): Promise<string[]> {
  const where = { dimension: "many", ...(state ? { state } : {}) };
  const rows = await db().queuedRecord.findMany({ where, orderBy: { recordId: "asc" } });
  return rows.map(({ recordId }) => recordId);
}

async function single(): Promise<string> {
  return (await db().queuedRecord.findFirstOrThrow({ where: { dimension: "gb_indexed" } })).recordId;
}

/** Many sealed records of three units of one dimension, and one of five of another. */
async function hasRecords(world: World, many: number): Promise<void> {
  const license = await world.hasLicense();
  await world.uses(license, { quantity: "5" });
  const [{ licenseId, productCode }] = [license];
  await db().productDimension.create({
    data: { productCode, key: "many", name: "many", unit: "1", type: "metered" },
  });
  await db().$executeRaw`
    WITH made AS (
      INSERT INTO license SELECT gen_random_uuid(), 'arn:' || n, 'l-many-' || n, product_code, buyer_id, company_id,
        agreement_id, state, activated_at FROM license, generate_series(1, ${many}) n WHERE id = ${licenseId}::uuid
      RETURNING id, product_code)
    , lines AS (INSERT INTO series (license_id, product_code, dimension) SELECT id, product_code, 'many' FROM made RETURNING id)
    , moved AS (INSERT INTO movement (series_id, from_place, to_place, quantity, cause, at)
      SELECT id, 'outside', 'unsealed', 3, 'test', now() FROM lines)
    INSERT INTO remainder (series_id, tag_set, quantity) SELECT id, '', 3 FROM lines`;
  await world.closesTheHour();
}
