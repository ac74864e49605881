import fc from "fast-check";
import { expect, test as plain } from "vitest";
import { test } from "../testing/world-test.ts";
import { db } from "./client.ts";
import { CopyRows } from "./copy-rows.ts";
import { inSql, sqlStateOf } from "./sql.ts";

const row = fc.record({
  number: fc.maxSafeInteger(),
  text: fc.string({ unit: "grapheme" }).filter((text) => !text.includes("\0") && text.isWellFormed()),
  units: fc.nat(2 ** 52),
  trillionths: fc.nat(999_999_999_999),
  moment: fc.date({ min: new Date("1716-01-01"), max: new Date("2284-12-31"), noInvalidDate: true }),
  json: fc.option(fc.dictionary(fc.stringMatching(/^[a-z]{1,9}$/), fc.stringMatching(/^[ -~]{0,20}$/))),
  bytes: fc.uint8Array({ maxLength: 40 }),
});

test("every value arrives in the database as it was given", async ({ world }) => {
  expect(world).toBeDefined();
  await db().$executeRaw`
    CREATE TABLE arrived (n bigint, t text, q numeric, at timestamptz, day date, j jsonb, b bytea, place serial)`;
  await fc.assert(
    fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 50 }), async (rows) => {
      const copy = new CopyRows(10);
      for (const one of rows) {
        copy.row(7);
        copy.int8(one.number);
        copy.text(one.text);
        copy.numeric(one.units, one.trillionths);
        copy.timestamptz(one.moment.getTime());
        copy.date(one.moment.getTime());
        if (one.json) copy.jsonb(JSON.stringify(one.json));
        else copy.null();
        copy.bytes(Buffer.from(one.bytes).toString("latin1"));
      }
      const arrived = await inSql(async (sql) => {
        await sql.rows("empty", "TRUNCATE arrived");
        sql.copy("arrive", "arrived (n, t, q, at, day, j, b)", copy);
        return sql.rows(
          "arrived",
          "SELECT n::text, t, q::text, at, day::text, j::text AS j, b FROM arrived ORDER BY place",
        );
      });
      expect(arrived).toHaveLength(rows.length);
      for (const [place, one] of rows.entries()) {
        const { j, b, ...rest } = arrived[place] as { j: string | null; b: Buffer };
        expect(rest).toEqual({
          n: String(one.number),
          t: one.text,
          q: `${one.units}.${String(one.trillionths).padStart(12, "0")}`,
          at: one.moment,
          day: one.moment.toISOString().slice(0, 10),
        });
        expect(j === null ? null : JSON.parse(j)).toEqual(one.json);
        expect(b.equals(one.bytes)).toBe(true);
      }
    }),
    { numRuns: 60 },
  );
});

test("a row the database refuses undoes its whole transaction, and the connection goes on", async ({
  world,
}) => {
  expect(world).toBeDefined();
  await db().$executeRaw`CREATE TABLE once (n bigint PRIMARY KEY)`;
  const rows = (...numbers: number[]) => {
    const copy = new CopyRows(10);
    for (const number of numbers) {
      copy.row(1);
      copy.int8(number);
    }
    return copy;
  };
  const write = (...numbers: number[]) => inSql(async (sql) => sql.copy("once", "once", rows(...numbers)));
  await write(1, 2);
  const refused = await write(3, 2).catch((error: unknown) => sqlStateOf(error));
  expect(refused).toBe("23505");
  await write(4);
  expect(await db().$queryRaw`SELECT n::int FROM once ORDER BY n`).toEqual([{ n: 1 }, { n: 2 }, { n: 4 }]);
});

plain("rows of nothing are a whole file all the same", () => {
  expect(new CopyRows(0).message().subarray(-2)).toEqual(Buffer.from([0xff, 0xff]));
});
