import { sellerOf } from "../actors/seller.ts";
import { expect, test } from "../fixtures.ts";

test("a held record is not sent until it is released, and is billed once", async ({
  seller,
  sandbox,
  portal,
}) => {
  const record = await portal.hasWaitingRecord("21");
  const { page } = seller;
  const title = page.getByRole("heading", { level: 1 });
  await seller.signsIn();
  await page.goto(`${page.url()}/metering/records/${record.id}`);

  await seller.holds();
  await expect(title).toContainText("On hold");
  await expect(page.getByRole("main")).toContainText("nothing is sent until somebody releases it");
  await expect(page.getByRole("button", { name: "Retry", exact: true })).toHaveCount(0);

  await seller.releases();
  await expect(title).toContainText("Billed: AWS holds 21");
  expect(await sandbox.bills(record.licenseArn)).toEqual([{ dimension: "gb_indexed", quantity: 21 }]);
});

test("several records are chosen in the list, previewed, and retried together", async ({
  seller,
  sandbox,
  portal,
}) => {
  const record = await portal.hasWaitingRecord("22");
  const { page } = seller;
  await seller.signsIn();
  await page.goto(`${page.url()}/metering/records?state=sealed`);
  await page.getByRole("button", { name: "Retry…" }).click();
  await expect(page.getByRole("main")).toContainText("Nothing is selected");

  await seller.ticks(record.licenseArn.slice(-4));
  await page.getByRole("button", { name: "Retry…" }).click();
  await expect(page.getByRole("main")).toContainText("1 will be sent again unchanged.");
  await page.getByRole("button", { name: "Send 1 again" }).click();
  await expect(page.getByRole("main")).toContainText("1 will go out again within seconds, unchanged.");
  await expect
    .poll(() => sandbox.bills(record.licenseArn))
    .toEqual([{ dimension: "gb_indexed", quantity: 22 }]);
});

test("a pause stops every call to AWS and says so on every page; resuming sends what waited", async ({
  seller,
  sandbox,
  portal,
}) => {
  const record = await portal.hasWaitingRecord("23");
  const { page } = seller;
  await seller.signsIn();
  await seller.pauses("AWS asked us to wait");
  await expect(page.getByRole("heading", { level: 1 })).toContainText("Submitting is paused");
  await seller.opens("Records");
  await expect(page.getByRole("status", { name: "Alerts" })).toContainText("AWS asked us to wait");
  expect(await sandbox.bills(record.licenseArn)).toEqual([]);

  await seller.opens("Overview");
  await seller.resumes();
  await expect(page.getByRole("main")).toContainText("Resumed: what is due goes out within seconds");
  await page.goto(`${page.url().split("#")[0]}/metering/records/${record.id}`);
  await seller.retries();
  await expect(page.getByRole("heading", { level: 1 })).toContainText("Billed: AWS holds 23");
});

test.describe("without JavaScript", () => {
  test.use({ javaScriptEnabled: false });

  test("a record is written off only for a reason, and AWS never hears of it", async ({
    page,
    portal,
    sandbox,
    world,
  }) => {
    const seller = sellerOf(page, world);
    const record = await portal.hasWaitingRecord("13");
    await seller.signsIn();
    await page.goto(`${world.portal}/admin/metering/records/${record.id}`);
    await seller.asksToWriteOff();
    await expect(page.getByRole("main")).toContainText(
      /13 units of gb_indexed for .* UTC will never be billed\./,
    );

    await seller.writesOff("a test");
    await expect(page.getByLabel("Why")).toHaveAccessibleDescription(/an auditor will read them/);
    await seller.writesOff("The buyer was promised this hour");
    await expect(page.getByRole("heading", { level: 1 })).toContainText("Written off");
    await expect(page.getByRole("main")).toContainText("will never be billed");
    await expect(page.getByRole("main")).toContainText("The buyer was promised this hour");
    expect(await portal.record(record.id)).toMatchObject({ state: "written_off" });
    expect(await sandbox.bills(record.licenseArn)).toEqual([]);
  });
});
