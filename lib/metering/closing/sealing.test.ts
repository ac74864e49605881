import fc from "fast-check";
import { expect, test } from "vitest";
import type { Allocation } from "../shapes.ts";
import { MOST_BYTES, maySeal, type Portion, type SeriesFacts, sealNumbers } from "./sealing.ts";

const SCALE = 10n ** 12n;
const HOUR = new Date("2027-01-15T11:00:00Z");
const OF = { hour: HOUR, region: "us-east-1" };

const facts: SeriesFacts = {
  state: "active",
  activatedAt: new Date("2027-01-01T00:00:00Z"),
  endsAt: null,
  agreementEndedAt: null,
  licenseArn: "arn:aws:license-manager::1:license:l-1",
  awsAccountId: "553810027748",
  customerIdentifier: null,
  licenseFrom: new Date(0),
  hasElder: false,
  dimensionType: "metered",
  ownCap: null,
};

/** What a tag set has to place, from an exact number of parts: as the store reads it. */
function portion(tags: Record<string, string> | null, parts: bigint): Portion {
  const rest = (parts % SCALE).toString().padStart(12, "0");
  const decimal = (whole: bigint) => `${whole}.${rest}`;
  const tagSet = tags ? JSON.stringify(Object.entries(tags)) : "";
  return {
    tagSet,
    tags,
    carried: "0",
    whole: parts / SCALE,
    rest: decimal(0n),
    total: decimal(parts / SCALE),
  };
}

const seal = (portions: Portion[], wishes: Partial<SeriesFacts> = {}) =>
  sealNumbers(portions, { ...facts, ...wishes }, OF);
const sum = (allocations: Allocation[] | null) =>
  (allocations ?? []).reduce((all, one) => all + BigInt(one.quantity), 0n);

test("the allocations of a record always sum to its quantity, and none is empty or named twice", () => {
  const team = fc.stringMatching(/^[a-z]{1,3}$/);
  const parts = fc.bigInt({ min: 0n, max: 40n * SCALE });
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.tuple(fc.option(team), parts), { selector: ([name]) => name, maxLength: 30 }),
      (sets) => {
        const sealed = seal(
          sets.map(([name, amount]) => portion(name === null ? null : { team: name }, amount)),
        );
        const whole = sets.reduce((all, [, amount]) => all + amount / SCALE, 0n);
        expect(sealed?.quantity ?? 0n).toBe(whole);
        if (!sealed?.allocations) return;
        expect(sum(sealed.allocations)).toBe(whole);
        expect(sealed.allocations.every(({ quantity }) => quantity !== "0")).toBe(true);
        expect(new Set(sealed.allocations.map(({ tags }) => JSON.stringify(tags))).size).toBe(
          sealed.allocations.length,
        );
      },
    ),
  );
});

test("over a thousand random hours no tag set ever loses or gains a part of a unit", () => {
  const names = [null, "a", "b", "c"];
  const random = fc.sample(
    fc.array(fc.bigInt({ min: 0n, max: 3n * SCALE }), { minLength: 4, maxLength: 4 }),
    {
      numRuns: 1_000,
      seed: 7,
    },
  );
  const used = names.map(() => 0n);
  const told = names.map(() => 0n);
  let carried = names.map(() => 0n);
  for (const hour of random) {
    const totals = names.map((_, index) => (carried[index] ?? 0n) + (hour[index] ?? 0n));
    const portions = names.map((name, index) =>
      portion(name === null ? null : { team: name }, totals[index] ?? 0n),
    );
    const sealed = seal(portions);
    for (const [index, name] of names.entries()) {
      used[index] = (used[index] ?? 0n) + (hour[index] ?? 0n);
      const line = sealed?.allocations?.find(({ tags }) => (tags?.team ?? null) === name);
      const units = sealed?.allocations
        ? BigInt(line?.quantity ?? 0)
        : name === null
          ? (sealed?.quantity ?? 0n)
          : 0n;
      told[index] = (told[index] ?? 0n) + units;
    }
    carried = portions.map(({ rest, total }) => parts(sealed ? rest : total));
    expect(names.map((_, index) => (told[index] ?? 0n) * SCALE + (carried[index] ?? 0n))).toEqual(used);
  }
});

test("an hour with no whole unit makes no record", () => {
  expect(seal([portion(null, SCALE - 1n), portion({ team: "a" }, SCALE - 1n)])).toBeNull();
  expect(seal([])).toBeNull();
});

test("usage without tags is sent without allocations", () => {
  expect(seal([portion(null, 5n * SCALE)])).toMatchObject({
    quantity: 5n,
    allocations: null,
  });
});

test("beyond 2 500 allocations the smallest tag sets join the untagged rest", () => {
  const portions = Array.from({ length: 3_000 }, (_, n) => portion({ team: `t${n}` }, BigInt(n + 1) * SCALE));
  const { quantity, allocations } = seal(portions) ?? { quantity: 0n, allocations: [] };
  expect(allocations?.length).toBeLessThanOrEqual(2_500);
  expect(sum(allocations)).toBe(quantity);
  expect(allocations?.filter(({ tags }) => tags === null)).toEqual([
    { quantity: String((501 * 502) / 2), tags: null },
  ]);
  expect(allocations?.[0]).toEqual({ quantity: "3000", tags: { team: "t2999" } });
});

test("long tags are bounded by 900 kB of AWS's JSON", () => {
  const long = (n: number) => ({ team: `${n}`.padStart(256, "x"), owner: `${n}`.padStart(256, "y") });
  const portions = Array.from({ length: 2_400 }, (_, n) => portion(long(n), SCALE));
  const { quantity, allocations } = seal(portions) ?? { quantity: 0n, allocations: [] };
  const wire = (allocations ?? []).map(({ quantity: units, tags }) => ({
    AllocatedUsageQuantity: Number(units),
    Tags: Object.entries(tags ?? {}).map(([Key, Value]) => ({ Key, Value })),
  }));
  expect(Buffer.byteLength(JSON.stringify(wire))).toBeLessThan(MOST_BYTES);
  expect(allocations?.length).toBeGreaterThan(1_200);
  expect(sum(allocations)).toBe(quantity);
});

test("the same tag sets in any order are frozen as the same allocations", () => {
  const portions = ["c", "a", "b"].map((team) => portion({ team }, 2n * SCALE));
  expect(seal(portions)?.allocations).toEqual(seal(portions.toReversed())?.allocations);
});

test("a quantity above what AWS takes is kept whole, not cut", () => {
  expect(seal([portion(null, 2_147_483_648n * SCALE)])).toMatchObject({ quantity: 2_147_483_648n });
});

test("the timestamp is the hour's start, or surely not before the license's activation in the hour", () => {
  const activatedAt = new Date("2027-01-15T11:20:30Z");
  expect(seal([portion(null, SCALE)])?.timestamp).toEqual(HOUR);
  const timestamp = (at: Date) => seal([portion(null, SCALE)], { activatedAt: at })?.timestamp;
  expect(timestamp(activatedAt)).toEqual(new Date("2027-01-15T11:20:31Z"));
  expect(timestamp(new Date("2027-01-15T11:59:59Z"))).toEqual(new Date("2027-01-15T11:59:59Z"));
});

test("the identity style is the one in force in that hour", () => {
  const style = (licenseFrom: Date | null) => seal([portion(null, SCALE)], { licenseFrom })?.identity;
  expect(style(new Date(0))).toBe("license");
  expect(style(HOUR)).toBe("license");
  expect(style(new Date(HOUR.getTime() + 3_600_000))).toBe("legacy");
  expect(style(null)).toBe("legacy");
});

test("only hours in which the license ran, of a dimension that is metered, are told", () => {
  const may = (wishes: Partial<SeriesFacts>) =>
    maySeal({ ...facts, ...wishes }, { hour: HOUR, isShadow: false });
  expect(may({})).toBe(true);
  expect(may({ dimensionType: "both" })).toBe(true);
  expect(may({ dimensionType: "entitled" })).toBe(false);
  expect(may({ dimensionType: null })).toBe(false);
  expect(may({ activatedAt: null })).toBe(false);
  expect(may({ activatedAt: new Date("2027-01-15T11:59:59.999Z") })).toBe(true);
  expect(may({ activatedAt: new Date("2027-01-15T12:00:00Z") })).toBe(false);
  expect(may({ endsAt: new Date("2027-01-15T11:00:00.001Z") })).toBe(true);
  expect(may({ endsAt: HOUR })).toBe(false);
});

test("an hour in license style waits until the license's ARN and the buyer's account are known", () => {
  const may = (wishes: Partial<SeriesFacts>) =>
    maySeal({ ...facts, ...wishes }, { hour: HOUR, isShadow: false });
  expect(may({ licenseArn: null })).toBe(false);
  expect(may({ awsAccountId: null })).toBe(false);
  expect(may({ licenseFrom: null, licenseArn: null, awsAccountId: null, customerIdentifier: "c" })).toBe(
    true,
  );
});

function parts(decimal: string): bigint {
  const [whole = "", fraction = ""] = decimal.split(".");
  return BigInt(whole) * SCALE + BigInt(fraction.padEnd(12, "0"));
}
