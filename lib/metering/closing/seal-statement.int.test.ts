import fc from "fast-check";
import { expect } from "vitest";
import { db, inTransaction, type Tx } from "../../database/client.ts";
import { test } from "../../testing/world-test.ts";
import { sealAll, sealSeries } from "./seal-series.ts";
import { readSeriesToSeal } from "./store.ts";

const PRODUCT = "7h4qz9t1vxk2m8r5d0nw3bcyj";
const REGION = "us-east-1";
const HOUR = new Date("2027-01-15T11:00:00Z");
/** The hour itself, and moments before, in and after it. */
const MOMENTS = [
  "2027-01-15T09:30:00Z",
  "2027-01-15T11:00:00Z",
  "2027-01-15T11:20:30Z",
  "2027-01-15T12:00:00Z",
];
const DIMENSIONS = ["metered", "both", "entitled", "capped", "roomy", "unnamed", "aside"];

const moment = fc.constantFrom(...MOMENTS);
const quantity = fc.oneof(
  fc.constantFrom("0", "0.5", "1", "999.999999999999", "1000.000000000001", "2147483647", "3000000000.25"),
  fc
    .bigInt({ min: 0n, max: 3n * 10n ** 12n })
    .map((n) => `${n / 10n ** 12n}.${String(n % 10n ** 12n).padStart(12, "0")}`),
);
const portion = fc.record({
  team: fc.constantFrom<(string | null)[]>(null, null, "a", "b", "Z", "z=+ 9"),
  quantity,
});

const series = fc.record({
  dimension: fc.constantFrom("metered", ...DIMENSIONS),
  activatedAt: fc.oneof({ weight: 3, arbitrary: fc.constant(MOMENTS[0] ?? null) }, fc.option(moment)),
  endsAt: fc.oneof({ weight: 3, arbitrary: fc.constant(null) }, moment),
  licenseFrom: fc.oneof({ weight: 3, arbitrary: fc.constant("1970-01-01T00:00:00Z") }, fc.option(moment)),
  hasArn: fc.boolean(),
  /** Another license of the buyer, made before this one. */
  elder: fc.option(
    fc.record({
      endsAt: fc.option(moment),
      has: fc.constantFrom("nothing", "usage", "fraction", "whole", "record"),
    }),
    { freq: 2 },
  ),
  names: fc.constantFrom("account", "account", "customer", "both"),
  closedThrough: fc.constantFrom("1970-01-01T00:00:00Z", "1970-01-01T00:00:00Z", "2027-01-15T13:00:00Z"),
  used: fc.array(fc.record({ ...portionParts(), voided: fc.constantFrom(false, false, false, true) }), {
    maxLength: 5,
  }),
  carried: fc.uniqueArray(portion, { selector: ({ team }) => team, maxLength: 3 }),
  /** What an earlier hour sealed, which decides what is usual. */
  before: fc.constantFrom(null, null, "100", "90000000"),
});
type Series = typeof series extends fc.Arbitrary<infer Value> ? Value : never;

function portionParts() {
  return { team: fc.constantFrom<(string | null)[]>(null, null, "a", "b", "Z", "z=+ 9"), quantity };
}

test("one statement seals what the rules seal one by one, to the last row", async ({ world: _world }) => {
  await db().$executeRaw`
    INSERT INTO product_dimension (product_code, key, name, unit, type, cap)
    SELECT ${PRODUCT}, key, key, 'unit', type, cap FROM (VALUES ('metered', 'metered', NULL), ('both', 'both', NULL),
      ('entitled', 'entitled', NULL), ('capped', 'metered', 5), ('roomy', 'metered', 2000000000), ('aside', 'metered', NULL))
      AS d (key, type, cap)`;
  await db().cohort.create({
    data: {
      ...{
        id: "cohort",
        productCode: PRODUCT,
        region: REGION,
        kind: "dimension",
        cause: "aside",
        reasonCode: "Code",
      },
      ...{ reasonMessage: "Message", since: HOUR, nextProbeAt: new Date("2027-01-15T15:00:00Z") },
    },
  });
  const many = Array.from({ length: 2_600 }, (_, n) => ({ team: `t${n}`, quantity: "1.5", voided: false }));
  const all = fc.sample(series, { numRuns: 400, seed: 11 });
  for (const [n, one] of all.entries()) await makes(n, n === 0 ? { ...one, ...PLAIN, used: many } : one);

  for (const isShadow of [false, true]) {
    await db().product.updateMany({ data: { shadowFrom: isShadow ? HOUR : null } });
    for (const now of ["2027-01-15T12:05:00Z", "2027-01-16T12:11:00Z"]) {
      const of = { productCode: PRODUCT, hour: HOUR, region: REGION, now: new Date(now) };
      const oneByOne = await undone(async (tx) => sealSeries(tx, await busy(tx), of));
      const together = await undone((tx) => sealAll(tx, of, { from: 0n, to: 1_000_000n }));
      expect(together).toEqual(oneByOne);
      if (now < "2027-01-16") expect(together.records.length).toBeGreaterThan(50);
    }
  }
}, 60_000);

test("a license's hour is sealed in one statement as it is one by one", async ({ world: _world }) => {
  await db().$executeRaw`
    INSERT INTO product_dimension (product_code, key, name, unit, type) VALUES (${PRODUCT}, 'metered', 'metered', 'unit', 'metered')`;
  for (const [n, one] of fc.sample(series, { numRuns: 60, seed: 12 }).entries())
    await makes(n, { ...one, dimension: "metered" });
  const of = { productCode: PRODUCT, hour: HOUR, region: REGION, now: new Date("2027-01-15T12:05:00Z") };
  const licenseIds = (await db().license.findMany()).map(({ id }) => id);
  const oneByOne = await undone(async (tx) => sealSeries(tx, await busy(tx), of));
  expect(await undone((tx) => sealAll(tx, of, { licenseIds }))).toEqual(oneByOne);
  expect(oneByOne.movements.length).toBeGreaterThan(10);
});

const PLAIN = {
  dimension: "metered",
  activatedAt: MOMENTS[0] ?? null,
  endsAt: null,
  hasArn: true,
  elder: null,
  names: "account",
} as const;

/** A buyer with one license and one series, and what it used, left and told before. */
async function makes(n: number, one: Series): Promise<void> {
  const id = (kind: string) => `0197a000-0000-7000-8${kind}-${String(n).padStart(12, "0")}`;
  const [buyerId, licenseId] = [id("001"), id("002")];
  const key = one.hasArn ? `l-${n}` : null;
  const arn = key && `arn:aws:license-manager::1:license:${key}`;
  const isActive = one.activatedAt !== null;
  await db().buyer.create({
    data: {
      id: buyerId,
      awsAccountId: one.names === "customer" ? null : String(100_000_000_000 + n),
      customerIdentifier: one.names === "account" ? null : `customer-${n}`,
    },
  });
  await db().license.create({
    data: {
      ...{
        id: licenseId,
        licenseArn: arn,
        licenseKey: key,
        productCode: PRODUCT,
        buyerId,
        state: isActive ? "active" : "pending",
      },
      ...{ activatedAt: one.activatedAt, endsAt: one.endsAt },
    },
  });
  await db().licenseClosing.create({ data: { licenseId, closedThrough: one.closedThrough } });
  // What was told before is in the style of its hour: the cut-over row says the last word when everything is there.
  await db().identityCutOver.create({ data: { productCode: PRODUCT, buyerId, licenseFrom: null } });
  if (one.elder) await makesElder(n, { ...one.elder, buyerId, dimension: one.dimension });
  const { id: seriesId } = await db().series.create({
    data: { licenseId, productCode: PRODUCT, dimension: one.dimension },
  });
  for (const [index, { team, quantity: units, voided }] of one.used.entries()) {
    await db().$executeRaw`SELECT ensure_usage_event_month('2027-01-15')`;
    await db().$executeRaw`
      INSERT INTO usage_event (day, product_code, source, event_id, series_id, quantity, tags, tag_set, occurred_at, hour,
        received_at, content_hash, voided_at)
      VALUES ('2027-01-15', ${PRODUCT}, '', ${`${n}-${index}`}, ${seriesId}, ${units}::numeric,
        ${team && JSON.stringify({ team })}::jsonb, ${tagSet(team)}, ${HOUR}, ${HOUR}, ${HOUR}, '', ${voided ? HOUR : null}::timestamptz)`;
  }
  for (const { team, quantity: units } of one.carried) {
    await db().$executeRaw`
      INSERT INTO remainder (series_id, tag_set, tags, quantity)
      VALUES (${seriesId}, ${tagSet(team)}, ${team && JSON.stringify({ team })}::jsonb, ${units}::numeric)`;
  }
  if (one.before !== null) {
    await db().$executeRaw`
      WITH record AS (
        INSERT INTO usage_record (series_id, license_id, buyer_id, product_code, dimension, hour, "timestamp", identity,
          customer_aws_account_id, region, quantity, counted, carried_in, carried_on, aim, last_call, sealed_at)
        SELECT ${seriesId}, ${licenseId}::uuid, ${buyerId}::uuid, ${PRODUCT}, ${one.dimension}, hour, hour, 'legacy', '1',
          ${REGION}, ${one.before}::bigint, ${one.before}::numeric, 0, 0, hour, hour, hour
        FROM (SELECT ${HOUR}::timestamptz - interval '5 hours') AS h (hour) RETURNING id, hour)
      INSERT INTO queued_record (record_id, license_id, dimension, product_code, identity, region, state, aim, last_call,
        next_attempt_at)
      SELECT id, ${licenseId}::uuid, ${one.dimension}, ${PRODUCT}, 'legacy', ${REGION}, CASE WHEN ${n % 3 === 0} THEN 'held' ELSE 'sealed' END,
        hour, hour, CASE WHEN ${n % 3 !== 0} THEN hour END FROM record`;
  }
  await db().$executeRaw`ALTER TABLE identity_cut_over DISABLE TRIGGER forward_only`;
  await db().$executeRaw`
    UPDATE identity_cut_over SET license_from = ${one.licenseFrom}::timestamptz WHERE buyer_id = ${buyerId}::uuid`;
  await db().$executeRaw`ALTER TABLE identity_cut_over ENABLE TRIGGER forward_only`;
}

/** Another license of the buyer, and what its series of the same dimension has. */
async function makesElder(
  n: number,
  one: NonNullable<Series["elder"]> & { buyerId: string; dimension: string },
): Promise<void> {
  const { buyerId, dimension, endsAt, has } = one;
  const id = `0197a000-0000-7000-8003-${String(n).padStart(12, "0")}`;
  const licenseKey = `l-elder-${n}`;
  const names = { licenseKey, licenseArn: `arn:aws:license-manager::1:license:${licenseKey}` };
  await db().license.create({
    data: { id, ...names, productCode: PRODUCT, buyerId, endsAt, createdAt: new Date(0) },
  });
  await db().licenseClosing.create({ data: { licenseId: id, closedThrough: new Date(0) } });
  const { id: seriesId } = await db().series.create({
    data: { licenseId: id, productCode: PRODUCT, dimension },
  });
  if (has === "usage") {
    await db().$executeRaw`SELECT ensure_usage_event_month('2027-01-15')`;
    await db().$executeRaw`
      INSERT INTO usage_event (day, product_code, source, event_id, series_id, quantity, tag_set, occurred_at, hour,
        received_at, content_hash)
      VALUES ('2027-01-15', ${PRODUCT}, '', ${`elder-${n}`}, ${seriesId}, 0.5, '', ${HOUR}, ${HOUR}, ${HOUR}, '')`;
  }
  if (has === "fraction" || has === "whole")
    await db().remainder.create({ data: { seriesId, tagSet: "", quantity: has === "whole" ? 1 : 0.5 } });
  if (has === "record") {
    await db().$executeRaw`
      INSERT INTO usage_record (series_id, license_id, buyer_id, product_code, dimension, hour, "timestamp", identity,
        customer_aws_account_id, region, quantity, counted, carried_in, carried_on, aim, last_call, sealed_at)
      VALUES (${seriesId}, ${id}::uuid, ${buyerId}::uuid, ${PRODUCT}, ${dimension}, ${HOUR}, ${HOUR}, 'legacy', '1',
        ${REGION}, 1, 1, 0, 0, ${HOUR}, ${HOUR}, ${HOUR})`;
  }
}

function tagSet(team: string | null): string {
  return team === null ? "" : JSON.stringify([["team", team]]);
}

/** The series that have something to place in the hour and are not flushed. */
async function busy(tx: Tx) {
  const rows = await tx.$queryRaw<{ id: bigint }[]>`
    SELECT id FROM series s JOIN license_closing c USING (license_id)
    WHERE product_code = ${PRODUCT} AND c.closed_through <= ${HOUR}
      AND (EXISTS (SELECT 1 FROM usage_event e WHERE e.series_id = s.id AND e.hour = ${HOUR} AND e.voided_at IS NULL)
        OR EXISTS (SELECT 1 FROM remainder r WHERE r.series_id = s.id AND r.quantity >= 1))`;
  return readSeriesToSeal(tx, { seriesIds: rows.map(({ id }) => id), hour: HOUR });
}

/** What sealing leaves behind, without keeping it. */
async function undone(work: (tx: Tx) => Promise<number>) {
  let left = {
    sealed: 0,
    records: [] as unknown[],
    queue: [] as unknown[],
    movements: [] as unknown[],
    rests: [] as unknown[],
  };
  const undo = new Error("undo");
  await inTransaction(async (tx) => {
    const sealed = await work(tx);
    const read = (select: string) => tx.$queryRawUnsafe<unknown[]>(select);
    left = {
      sealed,
      records: await read(`SELECT to_jsonb(r) - 'id' AS row FROM usage_record r ORDER BY series_id, hour`),
      queue: await read(
        "SELECT series_id, to_jsonb(q) - 'record_id' AS row FROM queued_record q JOIN usage_record r ON r.id = q.record_id ORDER BY series_id, hour",
      ),
      movements: await read(
        "SELECT r.series_id AS record, to_jsonb(m) - 'id' - 'record_id' AS row FROM movement m LEFT JOIN usage_record r ON r.id = m.record_id ORDER BY m.series_id, m.quantity",
      ),
      // A row of nothing is nothing: whichever way sweeps it.
      rests: await read(
        "SELECT to_jsonb(r) AS row FROM remainder r WHERE quantity > 0 ORDER BY series_id, tag_set",
      ),
    };
    throw undo;
  }).catch((error: unknown) => {
    if (error !== undo) throw error;
  });
  return left;
}
