import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { expect } from "vitest";
import { db } from "../../database/client.ts";
import type { World } from "../../testing/world.ts";
import { test } from "../../testing/world-test.ts";
import { reconcile } from "./reconcile-ledger.ts";

const CLI = fileURLToPath(new URL("../../../cli/main.ts", import.meta.url));
const checks = (misfits: { check: string }[]) => [...new Set(misfits.map(({ check }) => check))];

test("after a month in small, with every kind of end, every unit is in its place", async ({ world }) => {
  await db().product.updateMany({ data: { tagKeys: ["team"] } });
  const licenses = [await world.hasLicense(), await world.hasLicense(), await world.hasLicense()];
  for (let hour = 0; hour < 6; hour++) {
    for (const [n, license] of licenses.entries()) {
      await world.uses(
        license,
        { quantity: `${n + 1}.${hour}5`, tags: { team: `t${hour % 2}` } },
        { quantity: "0.333333333333", dimension: "api_calls" },
      );
    }
    await world.sandbox.faults({
      unprocessed: hour % 3 === 0 ? { next: 2 } : 0,
      dropAfter: hour === 4 ? { next: 1 } : 0,
    });
    await world.closesTheHour();
    await world.submits();
    expect((await reconcile(null)).misfits).toEqual([]); // AWS may hold what it did not tell us yet
  }
  await world.sandbox.faults({ unprocessed: 0, dropAfter: 0 });
  await world.passes(120);
  await world.settles();
  expect(await world.misfits()).toEqual([]);
  const billed = (await world.billed()).reduce((sum, { quantity }) => sum + Number(quantity), 0);
  expect((await world.places()).billed).toBe(String(billed));
});

test("a receipt that AWS does not hold, one that is unknown here, and another number are all found", async ({
  world,
}) => {
  await billed(world);
  const [line] = await world.billed();
  if (!line) throw new Error("nothing was billed");
  expect((await reconcile([])).misfits).toMatchObject([{ check: "aws", found: "not in AWS's ledger" }]);
  expect((await reconcile([line, { ...line, meteringRecordId: "stranger" }])).misfits).toMatchObject([
    { check: "aws", expected: "not billed here" },
  ]);
  expect((await reconcile([{ ...line, quantity: 13 }])).misfits).toMatchObject([
    { check: "aws", expected: "12", found: "13" },
  ]);
  expect((await reconcile([line])).misfits).toEqual([]);
});

test("an event that vanished is found", async ({ world }) => {
  await billed(world);
  await db().$executeRaw`DELETE FROM usage_event`;
  expect(checks(await world.misfits())).toEqual(["accepted"]);
});

test("an event that came in past the ledger is found", async ({ world }) => {
  await billed(world);
  await db().$executeRaw`
    INSERT INTO usage_event SELECT day, product_code, source, 'smuggled', series_id, quantity, tags, tag_set, occurred_at,
      hour, received_at, content_hash FROM usage_event`;
  expect(checks(await world.misfits())).toContain("accepted");
});

test("a remainder that lost units is found", async ({ world }) => {
  await billed(world);
  await db().$executeRaw`UPDATE remainder SET quantity = quantity - 0.000000000001`;
  expect(await world.misfits()).toMatchObject([
    { check: "unsealed", found: "0.5", expected: "0.499999999999" },
  ]);
});

test("a record that lost its outcome, or has one that its units do not know of, is found", async ({
  world,
}) => {
  await billed(world);
  await db().$executeRaw`ALTER TABLE record_outcome DISABLE TRIGGER billed_stays`;
  await db().$executeRaw`UPDATE record_outcome SET state = 'expired', metering_record_id = NULL`;
  expect(checks(await world.misfits()).sort()).toEqual(["aws", "record"]);
  await db().$executeRaw`DELETE FROM record_outcome`;
  expect(await world.misfits()).toContainEqual(
    expect.objectContaining({ check: "record", expected: "12 lost", found: "12 billed" }),
  );
});

test("units that moved twice are found", async ({ world }) => {
  await billed(world);
  await db().$executeRaw`
    INSERT INTO movement (series_id, record_id, from_place, to_place, quantity, cause, at)
    SELECT series_id, record_id, 'billed', 'unsealed', quantity, 'mischief', at FROM movement WHERE to_place = 'billed'`;
  expect(checks(await world.misfits()).sort()).toEqual(["record", "unsealed"]);
});

test("the places are sums of movements, exact to the last digit", async ({ world }) => {
  await billed(world);
  const { accepted, places } = await reconcile(null);
  expect(accepted).toBe("12.5");
  expect(places).toEqual({ billed: "12", unsealed: "0.5" });
});

test("the command ends with 0 while everything fits, and with 1 once it does not", async ({ world }) => {
  await billed(world);
  expect(await ending(world)).toMatchObject({
    code: 0,
    said: expect.stringContaining("every unit is in its place"),
  });
  await db().$executeRaw`UPDATE remainder SET quantity = quantity + 1`;
  expect(await ending(world)).toMatchObject({
    code: 1,
    said: expect.stringContaining("does not fit: unsealed, series 1"),
  });
});

/** Runs the operator's command as a process of its own. */
async function ending(world: World): Promise<{ code: number | null; said: string }> {
  const child = spawn(process.execPath, [CLI, "reconcile"], {
    env: { PATH: process.env.PATH, NODE_ENV: "test", ...world.environment },
    stdio: ["ignore", "pipe", "inherit"],
  });
  let said = "";
  child.stdout.on("data", (part: Buffer) => {
    said += part.toString();
  });
  const [code] = (await once(child, "close")) as [number | null];
  return { code, said };
}

async function billed(world: World): Promise<void> {
  const license = await world.hasLicense();
  await world.uses(license, { quantity: "12.5" });
  await world.closesTheHour();
  await world.settles();
  expect(await world.misfits()).toEqual([]);
}
