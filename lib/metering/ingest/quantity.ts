import { failed, ok, type Result } from "../../result.ts";

const MOST_UNITS = 2_147_483_647n;
/** A quantity in canonical form already, and far from the bounds: most are. */
const CANONICAL = /^(?:0|[1-9]\d{0,8})(?:\.\d{0,11}[1-9])?$/;

/**
 * Reads a quantity exactly: a decimal string of at most 10 digits before and 12 after the point, or a JSON number of at
 * most 15 significant digits. The answer is canonical: no sign, no exponent, no zeros that say nothing.
 */
export function readQuantity(
  given: string | number,
): Result<string, "invalid_quantity" | "quantity_imprecise" | "quantity_too_large"> {
  if (typeof given === "string" && CANONICAL.test(given)) return ok(given);
  const text = typeof given === "number" ? plain(given) : given.trim();
  if (text === null) return failed("quantity_imprecise");
  if (!/^\d+(\.\d+)?$/.test(text)) return failed("invalid_quantity");
  const [whole = "", fraction = ""] = text.split(".");
  const units = whole.replace(/^0+(?=\d)/, "");
  const rest = fraction.replace(/0+$/, "");
  if (units.length > 10 || BigInt(units) > MOST_UNITS) return failed("quantity_too_large");
  if (rest.length > 12) return failed("quantity_imprecise");
  if (BigInt(units) === MOST_UNITS && rest !== "") return failed("quantity_too_large");
  return ok(rest === "" ? units : `${units}.${rest}`);
}

/** A JSON number as plain digits; null when a double cannot be trusted with it. */
function plain(value: number): string | null {
  if (!Number.isFinite(value) || value < 0) return String(value);
  const [digits = "", exponent = "0"] = value.toExponential().split("e");
  const significant = digits.replace(".", "");
  if (significant.replace(/0+$/, "").length > 15) return null;
  const point = Number(exponent) + 1;
  if (point <= 0) return `0.${"0".repeat(-point)}${significant}`;
  if (point >= significant.length) return significant + "0".repeat(point - significant.length);
  return `${significant.slice(0, point)}.${significant.slice(point)}`;
}

/** A sum of quantities, exact: whole units, and trillionths of one, each within what a double holds. */
export type Sum = { units: number; trillionths: number };

const TRILLION = 1_000_000_000_000;
const ZERO = "0".charCodeAt(0);
const POINT = ".".charCodeAt(0);

/** A canonical quantity as numbers. */
export function partsOf(quantity: string): Sum {
  let at = 0;
  let units = 0;
  for (; at < quantity.length && quantity.charCodeAt(at) !== POINT; at++)
    units = units * 10 + quantity.charCodeAt(at) - ZERO;
  let trillionths = 0;
  for (let worth = TRILLION / 10; ++at < quantity.length; worth /= 10)
    trillionths += (quantity.charCodeAt(at) - ZERO) * worth;
  return { units, trillionths };
}

/** Adds to a sum without rounding, up to millions of the largest quantity. */
export function add(sum: Sum, { units, trillionths }: Sum): void {
  sum.units += units;
  sum.trillionths += trillionths;
  if (sum.trillionths < TRILLION) return;
  sum.units += 1;
  sum.trillionths -= TRILLION;
}
