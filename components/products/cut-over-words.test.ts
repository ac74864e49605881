import { expect, test } from "vitest";
import {
  blockedBy,
  cutOverEffect,
  cutOverHref,
  cutOverProblem,
  cutOverText,
  legacyBuyerName,
  legacySentence,
  standsBefore,
} from "./cut-over-words.ts";

const READY = { onTheWay: 0, isBehind: false, nameless: [], customerAwsAccountId: "553810027748" };
const NOW = "2026-11-22T04:10:00.000Z";
const FROM = "2026-11-22T04:00:00.000Z";

test("a buyer is named by the company, else the account, else what AWS calls the customer", () => {
  const who = {
    companyName: "Ostra",
    customerAwsAccountId: "553810027748",
    customerIdentifier: "Ab3cD4eF5gH6iJ7",
  };
  expect(legacyBuyerName(who)).toBe("Ostra");
  expect(legacyBuyerName({ ...who, companyName: null })).toBe("AWS account 5538 1002 7748");
  expect(legacyBuyerName({ ...who, companyName: null, customerAwsAccountId: null })).toBe(
    "Customer Ab3c…6iJ7",
  );
});

test("what stands before a cut-over is said in the order in which it is mended", () => {
  expect(standsBefore(READY)).toEqual([]);
  expect(blockedBy(READY)).toBeNull();
  const busy = { onTheWay: 2, isBehind: true, nameless: ["one"], customerAwsAccountId: null };
  expect(standsBefore(busy)).toEqual([
    "an hour is closed and not sealed",
    "2 records on the way",
    "AWS account not known",
    "1 license ARN to give",
  ]);
  expect(blockedBy(busy)).toBe("hour_not_sealed");
  expect(blockedBy({ ...busy, isBehind: false })).toBe("draining");
  expect(blockedBy({ ...busy, isBehind: false, onTheWay: 0 })).toBe("no_account");
  expect(blockedBy({ ...READY, nameless: ["one"] })).toBeNull(); // the form asks for it
});

test("the page's first sentence says how many there are and how many can go over now", () => {
  const busy = { ...READY, onTheWay: 1 };
  expect(legacySentence([READY], true)).toBe("1 buyer is told in legacy style; nothing is on its way.");
  expect(legacySentence([READY, busy], true)).toBe(
    "2 buyers are told in legacy style; 1 can go over to license style now.",
  );
  expect(legacySentence([busy], false)).toBe(
    "More than 1 buyer is told in legacy style; none can go over to license style now.",
  );
});

test("the effect names the hour, before and after", () => {
  expect(cutOverEffect("Ostra", "Search Classic", FROM, NOW)).toBe(
    "The hour of 04:00 UTC and all after it are told in license style for Ostra and Search Classic; all before it stay as they were told.",
  );
  expect(cutOverText("Ostra", FROM, NOW)).toMatch(/^Done: from the hour of 04:00 UTC on Ostra/);
  expect(cutOverProblem("draining")).toContain("billed twice");
});

test("the step's address survives a product code of any letters", () => {
  const href = cutOverHref({ productCode: "a/b=c", buyerId: "id" });
  expect(new URLSearchParams(href.split("?")[1]).get("product")).toBe("a/b=c");
});
