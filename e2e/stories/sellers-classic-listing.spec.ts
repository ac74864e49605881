import { newCompany } from "../actors/buyer.ts";
import { expect, test } from "../fixtures.ts";

// A listing of the older style: SNS tells, usage is reported by product and customer, and AWS is told of it the same way.
test("a buyer of an older listing is set up, billed, and flushed when they unsubscribe", async ({
  buyer,
  portal,
  sandbox,
  world,
}) => {
  const { page } = buyer;
  const bought = await sandbox.sells({ integration: "legacy" });
  const { customerAwsAccountId, customerIdentifier, productCode } = bought;
  const usage = { productCode, customerIdentifier, dimension: "searches" };
  await buyer.comesWithToken(bought.registrationToken);
  await buyer.answers(newCompany());
  await buyer.finishesSetUp();
  const license = buyer.license("Halyard Search Classic");
  await expect(license.getByText("Active")).toBeVisible();

  expect(await portal.takesEvent({ ...usage, quantity: "7.5" })).toMatchObject({ accepted: 1 });
  await portal.movesClock({ to: "hour-closed" });
  await expect
    .poll(() => sandbox.bills(customerAwsAccountId))
    .toEqual([{ dimension: "searches", quantity: 7 }]);

  expect(await portal.takesEvent({ ...usage, quantity: "2.5" })).toMatchObject({ accepted: 1 });
  await sandbox.cancels(bought.licenseArn);
  await expect(async () => {
    await page.reload();
    await expect(license.getByText(/^End(ing|ed)$/)).toBeVisible({ timeout: 1_000 });
  }).toPass();
  await portal.movesClock({ advanceSeconds: 3_600 });
  await expect
    .poll(() => sandbox.bills(customerAwsAccountId))
    .toEqual([
      { dimension: "searches", quantity: 7 },
      { dimension: "searches", quantity: 3 },
    ]);
  expect(await sandbox.bills(bought.licenseArn)).toEqual([]); // nothing under a license

  await page.goto(`${world.market}/ledger`);
  await expect(page.getByText("Same as the portal’s")).toBeVisible();
});
