import fc from "fast-check";
import { expect, test } from "vitest";
import { readQuantity } from "./quantity.ts";

const SCALE = 10n ** 12n;
const MOST = 2_147_483_647n * SCALE;
/** A quantity as a whole number of millionths of a millionth: the arithmetic to compare with. */
const inParts = (text: string): bigint => {
  const [whole = "", fraction = ""] = text.split(".");
  return BigInt(whole) * SCALE + BigInt(fraction.padEnd(12, "0"));
};

test("every decimal AWS can be told keeps its exact value and has one spelling", () => {
  fc.assert(
    fc.property(
      fc.bigInt({ min: 0n, max: MOST }),
      fc.nat({ max: 3 }),
      fc.nat({ max: 3 }),
      (parts, zerosBefore, zerosAfter) => {
        const digits = (parts % SCALE).toString().padStart(12, "0");
        const canonical =
          digits === "0".repeat(12) ? `${parts / SCALE}` : `${parts / SCALE}.${digits.replace(/0+$/, "")}`;
        const spelled = `${"0".repeat(zerosBefore)}${parts / SCALE}.${digits}${"0".repeat(zerosAfter)}`;
        const read = readQuantity(spelled);
        expect(read).toEqual({ ok: true, value: canonical });
        expect(inParts(canonical)).toBe(parts);
        expect(readQuantity(canonical)).toEqual(read);
      },
    ),
  );
});

test("a number of JSON is taken for exactly what its digits say, or not at all", () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: 999_999_999_999_999n }), fc.nat({ max: 20 }), (digits, places) => {
      const text = `${digits}e-${places}`;
      const read = readQuantity(Number(text));
      const asString = readQuantity(decimal(digits, places));
      expect(read).toEqual(asString);
    }),
  );
});

test.each([0.1 + 0.2, 1 / 3, 1.000000000000001, 123456789.1234567])(
  "%d has more digits than a double holds",
  (given) => {
    expect(readQuantity(given)).toEqual({ ok: false, reason: "quantity_imprecise" });
  },
);

test.each([
  "-1",
  "+1",
  "1e3",
  "1,5",
  "1.",
  ".5",
  "0x10",
  "",
  " ",
  "1 2",
  "NaN",
  "Infinity",
  "١٢",
  "1.2.3",
  -1,
  Number.NaN,
  Number.POSITIVE_INFINITY,
])("%j is no quantity", (given) => {
  expect(readQuantity(given)).toEqual({ ok: false, reason: "invalid_quantity" });
});

test("zero is a quantity, however it is written", () => {
  for (const given of ["0", "0.000", "000", 0, -0])
    expect(readQuantity(given)).toEqual({ ok: true, value: "0" });
});

test("the largest number AWS takes is the largest that is taken", () => {
  expect(readQuantity("2147483647")).toEqual({ ok: true, value: "2147483647" });
  expect(readQuantity("2147483647.000000000000")).toEqual({ ok: true, value: "2147483647" });
  expect(readQuantity("2147483646.999999999999")).toMatchObject({ ok: true });
  for (const given of ["2147483648", "2147483647.000000000001", "99999999999999999999", 1e21])
    expect(readQuantity(given)).toEqual({ ok: false, reason: "quantity_too_large" });
});

test("a thirteenth digit after the point is not rounded away", () => {
  expect(readQuantity("0.0000000000001")).toEqual({ ok: false, reason: "quantity_imprecise" });
  expect(readQuantity("0.0000000000010")).toEqual({ ok: true, value: "0.000000000001" });
  expect(readQuantity(1e-12)).toEqual({ ok: true, value: "0.000000000001" });
  expect(readQuantity(1e-13)).toEqual({ ok: false, reason: "quantity_imprecise" });
});

test("whatever is sent, reading it never throws", () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.double()), (given) => {
      const read = readQuantity(given);
      if (read.ok) expect(inParts(read.value)).toBeLessThanOrEqual(MOST);
    }),
  );
});

function decimal(digits: bigint, places: number): string {
  const text = digits.toString().padStart(places + 1, "0");
  return places === 0 ? text : `${text.slice(0, -places)}.${text.slice(-places)}`;
}
