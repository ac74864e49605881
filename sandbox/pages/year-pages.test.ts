import { afterEach, describe, expect, test } from "vitest";
import { sdkClients, usageOf } from "../testing/sandbox.ts";
import { type OpenShop, openShop } from "../testing/shop.ts";

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

describe("A year on the pages", () => {
  test("every ticket buys what it says; two at once are two licenses of one buyer", async () => {
    const { sandbox, press } = await shop();
    const product = "7h4qz9t1vxk2m8r5d0nw3bcyj";
    for (const offer of ["subscription", "contract", "free_trial", "private_offer", "two_at_once"])
      await press("/subscribe", { buyer: "553810027748", product, offer, autoRenew: "yes" });
    const { items } = await sandbox.agreements();
    expect(items.map(({ offer, autoRenew }) => [offer, autoRenew])).toEqual([
      ["contract", true],
      ["subscription", false],
      ["private_offer", true],
      ["free_trial", false],
      ["contract", true],
      ["subscription", false],
    ]);
    expect(new Set(items.map(({ customerAwsAccountId }) => customerAwsAccountId))).toEqual(
      new Set(["553810027748"]),
    );
  });

  test("an agreement is amended, renewed, replaced, suspended and resumed by its buttons", async () => {
    const { sandbox, press, read } = await shop();
    const { agreementId } = await sandbox.subscribe();
    const at = `/agreements/${agreementId}`;
    await press(`${at}/amend`, { "quantity.seats": "25", "quantity.gb_indexed": "5000" });
    await press(`${at}/suspend`, {});
    expect(await read("/agreements")).toContain("Suspended");
    await press(`${at}/resume`, {});
    await press(`${at}/renew`, {});
    expect((await sandbox.agreements()).items).toHaveLength(2);
    await press(`${at}/replace`, {});
    expect(await read("/agreements")).toContain("replaced");
    expect(await read(await press(`${at}/terminate`, {}))).toContain("This agreement has ended already.");
    expect((await sandbox.agreements()).items.at(-1)).toMatchObject({
      entitlements: expect.any(Array),
      status: "REPLACED",
    });
  });

  test("what is billed twice is said in words, and the buyer's tags stand beside it", async () => {
    const { sandbox, read } = await shop();
    const bought = await sandbox.subscribe();
    const UsageAllocations = [{ AllocatedUsageQuantity: 12, Tags: [{ Key: "team", Value: "<blue" }] }];
    await sandbox.batch([usageOf(bought, { UsageAllocations })]);
    expect(await read("/ledger")).not.toContain("billed twice");
    await sdkClients(sandbox.url, "eu-west-1").batch([usageOf(bought)]);
    const page = await read("/ledger");
    expect(page).toContain("2 records are billed twice.");
    expect(page).toContain("team=&lt;blue");
  });

  test("readings are picked and put back, and the page knows that something changed", async () => {
    const { sandbox, press, read } = await shop();
    const before = await read("/live");
    expect(await read("/live")).toBe(before);
    await press("/readings", { switch: "identicalResend", value: "duplicate" });
    expect(await sandbox.switches({})).toMatchObject({ identicalResend: "duplicate" });
    expect(await read("/live")).not.toBe(before);
    await press("/readings", { switch: "identicalResend", value: "never heard of" });
    await press("/readings", { switch: "__proto__", value: "x" });
    await press("/readings", { all: "default" });
    expect(await sandbox.switches({})).toMatchObject({ identicalResend: "success" });
  });

  test("a refused call names its rule in words", async () => {
    const { sandbox, read } = await shop();
    await sandbox.resolve("nothing").catch(() => undefined);
    expect(await read("/calls")).toContain("<b>Rule 10</b> A token nobody issued is invalid.");
  });
});

async function shop(): Promise<
  OpenShop & { press(path: string, fields: Record<string, string>): Promise<string> }
> {
  const opened = await openShop();
  closing.push(opened.close);
  const at = `http://localhost:${opened.sandbox.port}`;
  return {
    ...opened,
    press: async (path, fields) => {
      const body = new URLSearchParams(fields);
      const answer = await fetch(`${at}${path}`, {
        method: "POST",
        body,
        headers: { origin: at },
        redirect: "manual",
      });
      expect(answer.status).toBe(303);
      return answer.headers.get("location") ?? "";
    },
  };
}
