import { expect, test } from "../fixtures.ts";

test("while another program meters a product nothing is sent; from the next full hour on it is", async ({
  seller,
  sandbox,
  portal,
  world,
}) => {
  const { page } = seller;
  const name = "Halyard Pipeline";
  const { licenseArn } = await portal.hasBuyer({ productCode: "3n8fy5kq2wj7v0t6rb4hx9cze" });
  const usage = { licenseArn, dimension: "compute_hours" };
  const product = page.getByRole("region", { name });
  await seller.signsIn();
  await page.goto(`${world.portal}/admin/products`);
  await seller.turnsShadow(name, "Start");
  await expect(page.getByRole("main")).toContainText("another program has to tell AWS");
  await expect(product).toContainText("Shadow");
  await portal.takesEvent({ ...usage, quantity: "5" });
  await seller.turnsShadow(name, "End");
  await expect(page.getByRole("main")).toContainText("this portal tells AWS: stop the other program then.");
  await expect(product).toContainText(
    /It waits for .*: that hour and those after it are told by this portal/,
  );

  await portal.movesClock({ to: "hour-closed" });
  expect(await portal.recordOf(licenseArn)).toMatchObject({ quantity: "5", state: "held", attempts: 0 });
  await portal.takesEvent({ ...usage, quantity: "6" });
  await portal.movesClock({ to: "hour-closed" });
  await expect.poll(() => sandbox.bills(licenseArn)).toEqual([{ dimension: "compute_hours", quantity: 6 }]);
});

test("a buyer of an older listing is cut over once nothing is on its way, and no hour is billed in both styles", async ({
  seller,
  sandbox,
  portal,
  world,
}) => {
  const { page } = seller;
  const main = page.getByRole("main");
  const { customerAwsAccountId, licenseArn, productCode } = await portal.hasLegacyBuyer();
  const accountText = customerAwsAccountId.replace(/(\d{4})(?=\d)/g, "$1 ");
  const usage = { productCode, customerAwsAccountId, dimension: "searches" };
  await portal.takesEvent({ ...usage, quantity: "7" });
  await sandbox.misbehaves({ dropBefore: 1 }); // AWS may have billed it, so it is not carried into the other style
  await portal.movesClock({ to: "hour-closed" });
  await sandbox.behaves();
  await seller.signsIn();
  await page.goto(`${world.portal}/admin/products`);
  await page.getByRole("link", { name: /^Make the cut-over/ }).click();
  // Other stories' buyers of older listings stand in the same list.
  const row = page.getByRole("row").filter({ hasText: accountText });
  await expect(row).toContainText("1 record on the way, 1 license ARN to give");
  await row.getByRole("link", { name: /^Cut over…/ }).click();
  await expect(main).toContainText("AWS or another program may have billed legacy records of this buyer");
  await main.getByRole("link", { name: "See the records" }).click();
  await seller.opensRecord("searches");
  await seller.retries();
  await expect(page.getByRole("heading", { level: 1 })).toContainText("Billed: AWS holds 7");

  await page.goto(`${world.portal}/admin/products/cut-over`);
  await row.getByRole("link", { name: /^Cut over…/ }).click();
  await page.getByRole("button", { name: "Show from which hour on" }).click();
  await expect(main).toContainText("Tick it once AWS has switched the product.");
  await sandbox.switches({ legacyByLicense: "accepted" });
  await seller.asksToCutOver(licenseArn);
  await expect(main).toContainText(/The hour of \S+ UTC and all after it are told in license style/);
  await expect(main).toContainText("There is no way back");
  await page.getByRole("button", { name: /^Cut over from/ }).click();
  await expect(main).toContainText(/^.*Done: from the hour of .* is told in license style/);
  await expect(row).toHaveCount(0);

  await portal.takesEvent({ licenseArn, dimension: "searches", quantity: "8" });
  await portal.movesClock({ to: "hour-closed" });
  await expect.poll(() => sandbox.bills(licenseArn)).toEqual([{ dimension: "searches", quantity: 8 }]);
  expect(await sandbox.bills(customerAwsAccountId)).toEqual([
    { dimension: "searches", quantity: 7 },
    { dimension: "searches", quantity: 8 },
  ]);
  await sandbox.switches({ legacyByLicense: "refused" });
});

test("after a restore nothing is sent before somebody presses Resume on the notice", async ({
  seller,
  sandbox,
  portal,
}) => {
  const { page } = seller;
  const record = await portal.hasWaitingRecord("48");
  await seller.signsIn();
  await page.goto(`${page.url()}/metering/records/${record.id}`);
  await portal.isRestored();
  await seller.retries();
  const notice = page.getByRole("region", { name: /^The database was restored/ });
  await expect(notice).toContainText("npm run portal -- cloudtrail <file>");
  expect(await sandbox.bills(record.licenseArn)).toEqual([]);

  await notice.getByRole("button", { name: "Resume after the restore" }).click();
  await expect(notice).toHaveCount(0);
  // It was due all the time, so it goes by itself.
  await expect
    .poll(() => sandbox.bills(record.licenseArn))
    .toEqual([{ dimension: "gb_indexed", quantity: 48 }]);
  await page.reload();
  await expect(page.getByRole("heading", { level: 1 })).toContainText("Billed: AWS holds 48");
  await portal.movesClock({ to: "hour-closed" }); // of the hours up to here AWS may hold numbers that were forgotten
});
