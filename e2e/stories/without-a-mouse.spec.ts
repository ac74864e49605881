import { keyboard } from "../actors/hand.ts";
import { sellerOf } from "../actors/seller.ts";
import { expect, test } from "../fixtures.ts";

test("the keyboard alone sends usage, closes the hour, opens a record and retries it", async ({
  page,
  portal,
  sandbox,
  world,
}) => {
  const seller = sellerOf(page, world, keyboard);
  const { customerAwsAccountId: account, licenseArn } = await portal.hasBuyer();
  await portal.takesUsage(licenseArn, "0.25");
  await seller.signsIn();
  await seller.opens("Records");
  await seller.opensSendUsage();
  await seller.createsKey();
  expect((await seller.sendsShownCommand()).stdout).toContain('"accepted":1');
  await expect(seller.row(account).filter({ hasText: "api_calls" })).toContainText("Counting");

  await sandbox.misbehaves({ unprocessed: 1 });
  await seller.endsThisHour();
  await sandbox.behaves();
  await expect(seller.row(account)).toContainText("Waiting");

  await seller.opensRecord(account);
  await seller.retries();
  await expect(page.getByRole("heading", { level: 1 })).toContainText("Billed: AWS holds 12");
  expect(await sandbox.bills(licenseArn)).toEqual([{ dimension: "api_calls", quantity: 12 }]);
});

test("the first stop on a page leads past the menu to its content", async ({ page, world }) => {
  const seller = sellerOf(page, world, keyboard);
  await seller.signsIn();
  await page.goto(`${world.portal}/admin/metering/records`);
  await page.keyboard.press("Tab");
  await expect(page.getByRole("link", { name: "Skip to the page" })).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("main")).toBeFocused();
});
