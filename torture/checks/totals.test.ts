import fc from "fast-check";
import { expect, test } from "vitest";
import { explainTotals, type Facts, type HeldRecord, inRegion, noTotals, type Totals } from "./totals.ts";

const RESTORED_AFTER = 100;
const FOREIGN = 7_777_777;

/** What may have become of an hour; each leaves its traces in the database, the ledger, on the wire and in the books. */
const FATES = [
  "here",
  "lost",
  "sealedAnew",
  "writtenOffAnew",
  "foreign",
  "toConfirm",
  "onTheWay",
  "held",
] as const;
type Fate = (typeof FATES)[number];
type Hour = { fate: Fate; quantity: number };

test("whatever became of the hours, the reasons add up to AWS's total, each with what it stands for", () => {
  fc.assert(
    fc.property(fc.array(anHour(), { maxLength: 40 }), (hours) => {
      const { totals, findings } = explainTotals(factsOf(hours));
      expect(findings).toEqual([]);
      expect(totals).toEqual(expectedOf(hours));
    }),
  );
});

test("a number of AWS's that is another by one is found, whatever became of its hour", () => {
  fc.assert(
    fc.property(fc.array(anHour(), { minLength: 1, maxLength: 20 }), fc.nat(), (hours, which) => {
      const facts = factsOf(hours);
      const { ledger } = facts;
      fc.pre(ledger.length > 0);
      const changed = ledger.map((line, index) =>
        index === which % ledger.length ? { ...line, quantity: line.quantity + 1 } : line,
      );
      const { totals, findings } = explainTotals({ ...facts, ledger: changed });
      expect(findings.length).toBeGreaterThan(0);
      expect(totals.unexplained.units).not.toBe(0n);
    }),
  );
});

test("one unit too many here and one too few there does not cancel out", () => {
  const facts = factsOf(["here", "here"].map((fate) => ({ fate: fate as Fate, quantity: 5 })));
  const ledger = facts.ledger.map((line, index) => ({
    ...line,
    quantity: line.quantity + (index === 0 ? 1 : -1),
  }));
  const { totals, findings } = explainTotals({ ...facts, ledger });
  expect(totals.unexplained).toEqual({ hours: 0, units: 0n });
  expect(findings).toHaveLength(2);
});

test("a record that stands twice in the database leaves a difference", () => {
  const facts = factsOf([{ fate: "here", quantity: 5 }]);
  const { findings } = explainTotals({ ...facts, records: [...facts.records, ...facts.records] });
  expect(findings).toEqual(["AWS bills 5, here 10 are: -5 of -1 hours are unexplained"]);
});

/** A reason holds only with its evidence: each of these takes one away. */
const WITHOUT: { name: string; fate: Fate; change: (facts: Facts) => Partial<Facts>; says: RegExp }[] = [
  {
    name: "an hour that is billed here is not at AWS",
    fate: "here",
    change: () => ({ ledger: [] }),
    says: /AWS has nothing/,
  },
  {
    name: "an hour is billed here under another receipt",
    fate: "here",
    change: ({ ledger }) => ({ ledger: ledger.map((line) => ({ ...line, receipt: "another" })) }),
    says: /billed here as .* AWS has/,
  },
  {
    name: "an hour is told twice in two regions",
    fate: "here",
    change: ({ ledger }) => ({ ledger: ledger.map((line) => ({ ...line, isDouble: 1 })) }),
    says: /twice/,
  },
  {
    name: "an hour without a record was not forgotten by a restore",
    fate: "lost",
    change: () => ({ forgotten: new Set() }),
    says: /of which nobody here knows/,
  },
  {
    name: "an hour without a record was told after the restore",
    fate: "lost",
    change: () => ({ restoredAfter: 0 }),
    says: /of which nobody here knows/,
  },
  {
    name: "an hour without a record was never told",
    fate: "lost",
    change: () => ({ told: new Map() }),
    says: /which it was never told/,
  },
  {
    name: "another number than ours was told after the restore",
    fate: "sealedAnew",
    change: () => ({ restoredAfter: 0 }),
    says: /but AWS bills/,
  },
  {
    name: "another program's hour is in nobody's books",
    fate: "foreign",
    change: () => ({ foreign: new Map() }),
    says: /which it was never told/,
  },
  {
    name: "another program's number is another one",
    fate: "foreign",
    change: ({ foreign }) => ({ foreign: new Map([...foreign].map(([key]) => [key, 1])) }),
    says: /which it was never told/,
  },
  {
    name: "a record that AWS bills waits although every attempt was answered",
    fate: "onTheWay",
    change: ({ records }) => ({ records: records.map((record) => ({ ...record, unanswered: false })) }),
    says: /sealed 5 here, but AWS bills 5/,
  },
  {
    name: "a record that AWS bills was written off",
    fate: "toConfirm",
    change: ({ records }) => ({ records: records.map((record) => ({ ...record, state: "written_off" })) }),
    says: /written_off 5 here, but AWS bills 5/,
  },
  {
    name: "a record is still to be confirmed after the settlement",
    fate: "toConfirm",
    change: () => ({ isSettled: true }),
    says: /after the settlement/,
  },
];

test.each(WITHOUT)("it is found when $name", ({ fate, change, says }) => {
  const facts = factsOf([{ fate, quantity: 5 }]);
  expect(explainTotals(facts).findings).toEqual([]);
  expect(explainTotals({ ...facts, ...change(facts) }).findings.join("\n")).toMatch(says);
});

test("after the settlement only what was forgotten, or another program told, is not billed here", () => {
  const hours = (["here", "lost", "writtenOffAnew", "foreign"] as const).map((fate) => ({
    fate,
    quantity: 5,
  }));
  expect(explainTotals({ ...factsOf(hours), isSettled: true }).findings).toEqual([]);
});

test("what reconcile will not find billed here is what AWS bills for another reason", () => {
  const facts = factsOf(FATES.map((fate) => ({ fate, quantity: 5 })));
  const { elsewhere } = explainTotals(facts);
  expect([...elsewhere].sort()).toEqual(
    ["receipt-1", "receipt-2", "receipt-3", "receipt-4", "receipt-5", "receipt-6", "receipt-7"].sort(),
  );
});

function anHour() {
  return fc.record({ fate: fc.constantFrom(...FATES), quantity: fc.integer({ min: 0, max: 2_000_000_000 }) });
}

function factsOf(hours: readonly Hour[]): Facts {
  const records: HeldRecord[] = [];
  const ledger: Facts["ledger"][number][] = [];
  const told = new Map<string, Map<number, number>>();
  const forgotten = new Set<string>();
  const foreign = new Map<string, number>();
  for (const [index, { fate, quantity }] of hours.entries()) {
    const hour = { key: `license pages ${index}`, region: "us-east-1" };
    const receipt = `receipt-${index}`;
    const line = { ...hour, receipt, quantity, isDouble: 0 };
    const record = {
      ...{ ...hour, name: `pages ${index}`, quantity: String(quantity) },
      ...{ state: "sealed", receipt: null, unanswered: true },
    };
    const other = String(quantity + 17);
    if (fate !== "foreign") told.set(inRegion(hour), new Map([[quantity, RESTORED_AFTER]]));
    if (["lost", "sealedAnew", "writtenOffAnew"].includes(fate)) forgotten.add(hour.key);
    if (fate === "foreign") foreign.set(hour.key, FOREIGN);
    ledger.push(fate === "foreign" ? { ...line, quantity: FOREIGN } : line);
    if (fate === "here") records.push({ ...record, state: "accepted", receipt, unanswered: false });
    if (fate === "sealedAnew") records.push({ ...record, quantity: other });
    if (fate === "writtenOffAnew") records.push({ ...record, quantity: other, state: "written_off" });
    if (fate === "foreign") records.push({ ...record, state: "rejected", unanswered: false });
    if (fate === "toConfirm") records.push({ ...record, state: "unconfirmed" });
    if (fate === "onTheWay") records.push(record);
    if (fate === "held") records.push({ ...record, state: "held" });
  }
  return { records, ledger, told, forgotten, restoredAfter: RESTORED_AFTER, foreign, isSettled: false };
}

/** The same totals, from the fates alone. */
function expectedOf(hours: readonly Hour[]): Totals {
  const totals = noTotals();
  for (const { fate, quantity } of hours) {
    const share =
      fate === "writtenOffAnew" ? "sealedAnew" : fate === "onTheWay" || fate === "held" ? "toConfirm" : fate;
    for (const sum of [totals[share], totals.atAws]) {
      sum.hours++;
      sum.units += BigInt(fate === "foreign" ? FOREIGN : quantity);
    }
  }
  return totals;
}
