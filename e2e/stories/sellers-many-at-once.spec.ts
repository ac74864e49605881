import { sellerOf } from "../actors/seller.ts";
import { expect, test } from "../fixtures.ts";

test.describe("without JavaScript", () => {
  test.use({ javaScriptEnabled: false });

  test("all that match are held as one operation, and released as another", async ({
    page,
    portal,
    sandbox,
    world,
  }) => {
    const seller = sellerOf(page, world);
    const record = await portal.hasWaitingRecord("41");
    await seller.signsIn();
    const list = `${world.portal}/admin/metering/records?dimension=gb_indexed&state=`;
    for (const { state, hand, came } of [
      { state: "sealed", hand: "Hold", came: "on hold" },
      { state: "held", hand: "Release", came: "released, unchanged" },
    ]) {
      await page.goto(list + state);
      await seller.choosesAll();
      await page.getByRole("button", { name: `${hand} all…` }).click();
      await page.getByRole("button", { name: new RegExp(`^${hand} \\d+$`) }).click();
      await expect(page).toHaveURL(/\/operations\/[0-9a-f-]{36}$/);
      await expect(async () => {
        await page.reload();
        await expect(page.getByRole("heading", { level: 1 })).toContainText(came, { timeout: 200 });
      }).toPass();
    }
    await expect
      .poll(() => sandbox.bills(record.licenseArn))
      .toEqual([{ dimension: "gb_indexed", quantity: 41 }]);
  });
});

test("what is held after the step was shown is not released unseen: the step shows it first", async ({
  seller,
  portal,
  world,
}) => {
  const { id } = await portal.hasWaitingRecord("46");
  const { page } = seller;
  await seller.signsIn();
  const holds = async (record: string) => {
    const tab = await page.context().newPage();
    await tab.goto(`${world.portal}/admin/metering/records/${record}`);
    await sellerOf(tab, world).holds();
    await expect(tab.getByRole("heading", { level: 1 })).toContainText("On hold");
    await tab.close();
  };
  await holds(id);
  const later = await portal.hasWaitingRecord("47");
  await page.goto(`${world.portal}/admin/metering/records?dimension=gb_indexed&state=held`);
  await seller.choosesAll();
  await page.getByRole("button", { name: "Release all…" }).click();
  const release = page.getByRole("button", { name: /^Release \d+$/ });
  const shown = Number((await release.innerText()).replace(/\D/g, ""));
  await holds(later.id);
  await release.click();
  await expect(page.getByRole("main")).toContainText("Nothing was started: other records match");
  expect(await portal.record(later.id)).toMatchObject({ state: "held" });
  await page.getByRole("button", { name: `Release ${shown + 1}` }).click();
  await expect(page.getByRole("heading", { level: 1 })).toContainText("released, unchanged");
  await expect.poll(async () => (await portal.record(later.id)).state).toBe("accepted");
});

test("an operation that is stopped leaves the rest as it is", async ({ seller, portal, world }) => {
  const { id } = await portal.hasWaitingRecord("44");
  const { page } = seller;
  const title = page.getByRole("heading", { level: 1 });
  await seller.signsIn();
  await page.goto(`${world.portal}/admin/metering/records?dimension=gb_indexed&state=sealed`);
  await seller.choosesAll();
  await page.getByRole("button", { name: "Hold all…" }).click();
  await portal.standsStill(async () => {
    await page.getByRole("button", { name: /^Hold \d+$/ }).click();
    await expect(title).toContainText(/^Holding \d+ records?$/);
    await page.getByRole("button", { name: "Stop" }).click();
    await expect(page.getByRole("main")).toContainText("It stops after the records it is at.");
  });
  await expect(title).toContainText(/^Stopped after 0 of \d+ records?$/);
  expect(await portal.record(id)).toMatchObject({ state: "sealed" });
  const operation = page.url().split("/").at(-1) ?? "";
  const actor = world.admin.email;
  expect(await portal.audit(operation)).toEqual([
    { action: "operation.hold", actor },
    { action: "operation.aborted", actor },
  ]);
});

test("a word is taken back, and AWS’s receipt settles what nobody could know", async ({
  seller,
  sandbox,
  portal,
  world,
}) => {
  const { id, licenseArn } = await portal.hasUnconfirmedRecord("45");
  const { page } = seller;
  await seller.signsIn();
  await page.goto(`${world.portal}/admin/metering/records/${id}`);
  await seller.saysNotBilled("Not in CloudTrail of that hour");
  await seller.takesItBack();
  await expect(page.getByText("Your word waits for a second person.")).toHaveCount(0);

  const [receipt = ""] = await sandbox.receipts(licenseArn);
  await seller.saysBilled(receipt, "In AWS’s own usage report");
  await expect(page.getByRole("main")).toContainText("Settled: AWS billed it, and its receipt is kept.");
  await expect(page.getByRole("heading", { level: 1 })).toContainText("Billed: AWS holds 45");
  expect(await sandbox.bills(licenseArn)).toEqual([{ dimension: "gb_indexed", quantity: 45 }]);
  const actor = world.admin.email;
  expect((await portal.audit(id)).slice(-3)).toEqual([
    { action: "settlement.proposed", actor },
    { action: "settlement.withdrawn", actor },
    { action: "settlement.billed", actor },
  ]);
});

test("what AWS did not answer for goes back to its series by the word of two people", async ({
  seller,
  browser,
  contextOptions,
  portal,
  world,
}) => {
  const { id } = await portal.hasUnconfirmedRecord("42");
  const address = `${world.portal}/admin/metering/records/${id}`;
  await seller.signsIn();
  await seller.page.goto(address);
  await seller.saysNotBilled("Not in CloudTrail of that hour");
  await expect(seller.page.getByRole("main")).toContainText("a second person has to say the same");
  expect(await portal.record(id)).toMatchObject({ state: "unconfirmed" });

  const context = await browser.newContext(contextOptions);
  const second = sellerOf(await context.newPage(), world);
  await second.signsIn(await portal.hasAdmin());
  await second.page
    .getByRole("link", { name: /^Decide.* says that AWS did not bill 42 gb_indexed$/ })
    .click();
  await expect(second.page.getByRole("main")).toContainText("Not in CloudTrail of that hour");
  await second.saysNotBilled("Nor in the report of AWS");
  await expect(second.page.getByRole("heading", { level: 1 })).toContainText(
    "its units went back to their series",
  );
  expect(await portal.record(id)).toMatchObject({ state: "written_off" });
  await context.close();
});

test("a refused event is shown as it was sent, and a replay before its cause is mended changes nothing", async ({
  seller,
  portal,
  world,
}) => {
  const { page } = seller;
  const event = await portal.refusesUsage();
  await seller.signsIn();
  await page.goto(`${world.portal}/admin/metering/refused?code=unknown_dimension&replay=1`);
  await expect(page.getByRole("main")).toContainText(event.id);
  await page.getByRole("button", { name: /^Replay \d+ events?$/ }).click();
  await expect(page.getByRole("main")).toContainText(/refused again and stays? here/);
});
