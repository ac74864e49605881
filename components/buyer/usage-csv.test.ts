import { expect, test } from "vitest";
import { usageCsv } from "./usage-csv.ts";

test("a line per day, license and dimension; nothing in it is run as a formula", () => {
  const usage = {
    first: "2026-11-01T00:00:00.000Z",
    today: "2026-11-02",
    days: [
      {
        licenseId: "one",
        dimension: '=SUM("a",b)',
        day: "2026-11-02",
        quantity: "7",
        lastHour: "2026-11-02T01:00:00.000Z",
      },
    ],
  };
  expect(usageCsv(usage, [])).toBe(
    'day (UTC),product,license,dimension,quantity\r\n2026-11-02,,one,"\'=SUM(""a"",b)",7\r\n',
  );
});
