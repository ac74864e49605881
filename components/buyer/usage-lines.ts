import { isNought, sharePercent, sumOf } from "#components/format/quantity.ts";
import type { ProductView } from "#lib/catalog/shapes.ts";
import type { EntitlementView } from "#lib/licensing/shapes.ts";
import type { MonthUsage } from "#lib/metering/shapes.ts";

type Day = MonthUsage["days"][number];
type Dimension = ProductView["dimensions"][number];

/** A line of a license's table: what it grants of a dimension, what of it is metered, or both. */
export type LicenseLine = {
  dimension: string;
  name: string;
  /** What AWS says the license grants; null: nothing fixed, it is billed by use. */
  entitlement: EntitlementView | null;
  /** What was reported to AWS this month; null: it is not metered. */
  used: string | null;
  /** How much of what is granted that is, in percent for a bar; null where no number says so. */
  share: number | null;
};

/** What a license grants, in AWS's order, then what its product bills by use. */
export function licenseLines(
  entitlements: EntitlementView[],
  dimensions: Dimension[],
  days: Day[],
): LicenseLine[] {
  const metered = new Set(dimensions.flatMap(({ key, type }) => (type === "entitled" ? [] : [key])));
  const usedOf = (dimension: string) =>
    sumOf("0", ...days.flatMap((day) => (day.dimension === dimension ? [day.quantity] : [])));
  const granted = entitlements.map((entitlement): LicenseLine => {
    const { dimension, name, value } = entitlement;
    const used = metered.has(dimension) ? usedOf(dimension) : null;
    const counted = used !== null && /^\d+(\.\d+)?$/.test(value) && !isNought(value);
    return { dimension, name, entitlement, used, share: counted ? sharePercent(used, value) : null };
  });
  const known = new Set(entitlements.map(({ dimension }) => dimension));
  const byUse = dimensions.flatMap(({ key, name, type }): LicenseLine[] =>
    type !== "metered" || known.has(key)
      ? []
      : [{ dimension: key, name, entitlement: null, used: usedOf(key), share: null }],
  );
  return [...granted, ...byUse];
}

/** One dimension's month, over all licenses of its product. */
export type MonthLine = {
  key: string;
  name: string;
  unit: string | null;
  today: string;
  month: string;
  /** The newest hour AWS holds a receipt for; null: none this month. */
  lastHour: string | null;
  /** Each day of the month up to today, with a bar's length in percent of the highest. */
  days: { day: string; quantity: string; height: number }[];
};

/** The running month of every metered dimension of these products; the busiest first. */
export function monthLines(
  usage: MonthUsage,
  licenses: { id: string; productCode: string }[],
  products: ProductView[],
): MonthLine[] {
  return products
    .flatMap(({ productCode, name: productName, dimensions }) => {
      const mine = new Set(
        licenses.flatMap((license) => (license.productCode === productCode ? [license.id] : [])),
      );
      return dimensions
        .filter(({ type }) => type !== "entitled")
        .map(({ key, name, unit }): MonthLine => {
          const days = usage.days.filter((day) => day.dimension === key && mine.has(day.licenseId));
          const fullName = products.length > 1 ? `${name}, ${productName ?? productCode}` : name;
          return { key: `${productCode} ${key}`, name: fullName, unit, ...monthOf(days, usage) };
        });
    })
    .toSorted((one, other) => other.days.filter(isUsed).length - one.days.filter(isUsed).length);
}

function monthOf(days: Day[], { first, today }: MonthUsage): Omit<MonthLine, "key" | "name" | "unit"> {
  const perDay = daysBetween(first.slice(0, 10), today).map((day) => ({
    day,
    quantity: sumOf("0", ...days.flatMap((each) => (each.day === day ? [each.quantity] : []))),
  }));
  const highest = perDay.reduce((top, { quantity }) => Math.max(top, Number(quantity)), 0);
  return {
    today: perDay.at(-1)?.quantity ?? "0",
    month: sumOf("0", ...perDay.map(({ quantity }) => quantity)),
    lastHour:
      days
        .map(({ lastHour }) => lastHour)
        .sort()
        .at(-1) ?? null,
    days: perDay.map((each) => ({
      ...each,
      height: highest === 0 ? 0 : Math.round((Number(each.quantity) / highest) * 100), // a bar's length only
    })),
  };
}

function isUsed({ quantity }: { quantity: string }): boolean {
  return !isNought(quantity);
}

function daysBetween(first: string, last: string): string[] {
  const days: string[] = [];
  for (let at = Date.parse(first); at <= Date.parse(last); at += 24 * 3_600_000) {
    days.push(new Date(at).toISOString().slice(0, 10));
  }
  return days;
}
