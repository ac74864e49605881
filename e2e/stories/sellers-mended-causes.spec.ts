import type { Page } from "@playwright/test";
import { expect, test } from "../fixtures.ts";

test("usage that came before its buyer is replayed once the buyer is there, and billed", async ({
  seller,
  sandbox,
  portal,
  world,
}) => {
  const { page } = seller;
  const bought = await sandbox.sells();
  const event = { licenseArn: bought.licenseArn, dimension: "gb_indexed", quantity: "46" };
  await portal.refusesEvent(event);
  await portal.arrives(bought);
  await seller.signsIn();
  await page.goto(`${world.portal}/admin/metering/refused?code=unknown_license`);
  await page.getByRole("link", { name: /^Replay .*No such license/ }).click();
  await page.getByRole("button", { name: /^Replay \d+ events?$/ }).click();
  await expect(page.getByRole("main")).toContainText("1 is counted now");

  await portal.movesClock({ to: "hour-closed" });
  await expect
    .poll(() => sandbox.bills(bought.licenseArn))
    .toEqual([{ dimension: "gb_indexed", quantity: 46 }]);
});

test("what AWS refuses is moved to where it belongs, once, and billed there", async ({
  seller,
  sandbox,
  portal,
  world,
}) => {
  const { page } = seller;
  const wrong = await portal.hasBuyer();
  const right = await portal.hasBuyer({ customerAwsAccountId: wrong.customerAwsAccountId });
  const { id } = await portal.hasRefusedRecord(wrong, "47");
  await seller.signsIn();
  await page.goto(`${world.portal}/admin/metering/records/${id}`);
  await seller.asksToMoveTo(right.licenseArn, "gb_indexed");
  const main = page.getByRole("main");
  await expect(main).toContainText(/^.*47 gb_indexd of .* move to gb_indexed of agreement /);
  await expect(main).toContainText(
    `${right.licenseArn.slice(-4)}; the next hour that is sealed there takes them.`,
  );
  const tab = await opensBehind(page);

  await seller.moves("misspelt");
  await expect(page.getByLabel("Why")).toHaveAttribute("aria-invalid", "true");
  await seller.moves("The dimension was misspelt");
  await expect(main).toContainText("Moved: 47 units went to gb_indexed of agreement");
  await expect(page.getByRole("heading", { level: 1 })).toContainText("went to another series of the buyer");
  await tab.getByLabel("Why").fill("The dimension was misspelt");
  await tab.getByRole("button", { name: "Move 47 units" }).click();
  await expect(tab.getByRole("main")).toContainText("Somebody may have moved it already");

  await portal.movesClock({ to: "hour-closed" });
  await expect
    .poll(() => sandbox.bills(right.licenseArn))
    .toEqual([{ dimension: "gb_indexed", quantity: 47 }]);
  expect(await sandbox.bills(wrong.licenseArn)).toEqual([{ dimension: "api_calls", quantity: 2 }]);
  expect(await portal.audit(id)).toContainEqual({ action: "units.moved", actor: world.admin.email });
});

test("what waits unsealed for the wrong license is moved to where it belongs, once, as it was shown", async ({
  seller,
  sandbox,
  portal,
  world,
}) => {
  const { page } = seller;
  const right = await portal.hasBuyer();
  const account = right.customerAwsAccountId;
  const wrong = await portal.hasPendingBuyer({ customerAwsAccountId: account });
  await portal.takesUsage(wrong.licenseArn, "47");
  await portal.movesClock({ to: "hour-closed" });
  await seller.signsIn();
  await seller.opens("Unsealed units");
  await seller.findsUnsealed(account);
  const heading = page.getByRole("heading", { level: 1 });
  await expect(heading).toHaveText("47 units of gb_indexed wait unsealed");
  const units = `series ${/\d+$/.exec(page.url())?.[0] ?? ""}`;
  await seller.asksToMoveTo(right.licenseArn, "gb_indexed");
  await expect(page.getByRole("main")).toContainText(/47 gb_indexed of .* move to gb_indexed of agreement /);
  const tab = await opensBehind(page);

  await portal.takesUsage(wrong.licenseArn, "3");
  await portal.movesClock({ to: "hour-closed" });
  await tab.getByLabel("Why").fill("Sent with the wrong license");
  await tab.getByRole("button", { name: "Move 47 units" }).click();
  await expect(tab.getByRole("main")).toContainText("other units wait there by now");
  await expect(tab.getByRole("button", { name: "Move 50 units" })).toBeVisible();
  expect(await portal.audit(units)).toEqual([]);

  await expect(page.getByRole("button", { name: "Move 50 units" })).toBeVisible();
  await seller.moves("Sent with the wrong license");
  await expect(page.getByRole("main")).toContainText("Moved: 50 units went to gb_indexed of agreement");
  await expect(heading).toHaveText("Nothing of gb_indexed waits unsealed");
  await tab.getByRole("button", { name: "Move 50 units" }).click();
  await expect(tab.getByRole("main")).toContainText("Somebody may have moved it already");

  await portal.movesClock({ to: "hour-closed" });
  await expect
    .poll(() => sandbox.bills(right.licenseArn))
    .toEqual([{ dimension: "gb_indexed", quantity: 50 }]);
  expect(await sandbox.bills(wrong.licenseArn)).toEqual([]);
  expect(await portal.audit(units)).toEqual([{ action: "units.moved", actor: world.admin.email }]);
});

/** The same page once more, in a tab that nobody looks at: it keeps showing what it showed. */
async function opensBehind(page: Page): Promise<Page> {
  const tab = await page.context().newPage();
  await tab.addInitScript(() => Object.defineProperty(document, "visibilityState", { value: "hidden" }));
  await tab.goto(page.url());
  return tab;
}
