import { afterEach, describe, expect, test } from "vitest";
import { openPortal } from "../testing/portal.ts";
import { NOON, openSandbox, usageOf } from "../testing/sandbox.ts";
import { compare } from "./compare-ledgers.ts";

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});

const HOUR = Date.UTC(2027, 0, 15, 12);
const place = { hour: HOUR, productCode: "code", licenseArn: "arn", dimension: "gb_indexed" };
const here = (quantity: number, change = {}) => ({ ...place, accountId: "1", quantity, ...change });
const there = (billed: number, asked = 0, change = {}) => ({
  ...place,
  customerAwsAccountId: "1",
  billed,
  asked,
  ...change,
});
const compared = (ours: ReturnType<typeof here>[], theirs: ReturnType<typeof there>[]) =>
  compare({ since: 0, lines: ours }, { since: 0, lines: theirs });

describe("AWS's ledger beside the portal's", () => {
  test("agrees hour by hour, and names the newest hour that does not", () => {
    expect(compared([here(12)], [there(12)])).toMatchObject({ records: 1, same: 1, units: 0 });
    const older = { hour: HOUR - 3_600_000 };
    expect(compared([here(12), here(5, older)], [there(10), there(9, 0, older)])).toMatchObject({
      records: 2,
      same: 0,
      units: 6,
      newest: { hour: HOUR, here: 12, there: 10 },
    });
  });

  test("what only one of them has is a difference, whichever it is", () => {
    expect(compared([here(12)], [])).toMatchObject({ units: 12, newest: { here: 12, there: 0 } });
    expect(compared([], [there(12)])).toMatchObject({ units: 12, newest: { here: 0, there: 12 } });
  });

  test("what the portal sent without an answer is none, booked or not", () => {
    expect(compared([here(12)], [there(0, 12)])).toMatchObject({ units: 0, waiting: 12, newest: undefined });
    expect(compared([], [there(0, 12)])).toMatchObject({ records: 0, units: 0, waiting: 0 });
    expect(compared([here(12)], [there(0, 10)])).toMatchObject({ units: 2 });
  });

  test("two regions of one hour are twice the bill; a license names its account", () => {
    expect(compared([here(24)], [there(12, 0, { customerAwsAccountId: "" })])).toMatchObject({
      records: 1,
      units: 12,
    });
    const byCode = { licenseArn: "" };
    expect(
      compared([here(1, byCode)], [there(1, 0, { ...byCode, customerAwsAccountId: "2" })]),
    ).toMatchObject({ records: 2, units: 2 });
  });

  test("hours that one side did not read to the end are left out", () => {
    const cut = compare(
      { since: 0, lines: [here(1), here(9, { hour: 0 })] },
      { since: 1, lines: [there(1)] },
    );
    expect(cut).toMatchObject({ records: 1, same: 1, units: 0 });
  });
});

describe("The ledger's page", () => {
  test("asks the portal page by page with the door's key, and says what it heard", async () => {
    let status = 200;
    const items: object[] = [];
    const portal = await openPortal(({ path }) => {
      if (!path.startsWith("/api/v1/sandbox/billed")) return { status: 202 };
      const isSecond = path.includes("cursor=next%20page");
      const nextCursor = isSecond ? null : "next page";
      return { status, body: JSON.stringify({ items: isSecond ? items : [], nextCursor }) };
    });
    const sandbox = await openSandbox({ PORTAL_URL: portal.url, SANDBOX_DOOR_KEY: "door" });
    closing.push(portal.close, sandbox.close);
    const bought = await sandbox.subscribe();
    await sandbox.batch([usageOf(bought, { Quantity: 12 })]);
    const page = async () => (await fetch(`${sandbox.url}/ledger`)).text();

    expect(await page()).toContain("The portal’s differs by 12 units");
    const asked = portal.received.filter(({ path }) => path.startsWith("/api/v1/sandbox/billed"));
    expect(asked.map(({ authorization }) => authorization)).toEqual(["Bearer door", "Bearer door"]);

    items.push({
      hour: new Date(NOON - (NOON % 3_600_000)).toISOString(),
      productCode: bought.productCode,
      licenseArn: bought.licenseArn,
      customerAwsAccountId: bought.customerAwsAccountId,
      dimension: "gb_indexed",
      billed: "12",
      asked: "0",
    });
    await expect.poll(page, { timeout: 5_000, interval: 250 }).toContain("Same as the portal’s");
    status = 404;
    await expect.poll(page, { timeout: 5_000, interval: 250 }).toContain("The portal does not answer");
  }, 15_000);

  test("says nothing of a portal where there is none", async () => {
    const sandbox = await openSandbox();
    closing.push(sandbox.close);
    expect(await (await fetch(sandbox.url)).text()).not.toContain("portal’s");
  });
});
