import { newCompany } from "../actors/buyer.ts";
import { expect, test } from "../fixtures.ts";

// The first file that sends usage (files run in the order of their names): its first story needs a records page that has
// never seen any. Its second look at the books needs them right: sellers-many-at-once settles against the truth.
test("a seller bills usage, then rescues a record that AWS left unprocessed", async ({
  buyer,
  seller,
  sandbox,
  portal,
}) => {
  const { company, ...person } = newCompany();
  await buyer.subscribes();
  await buyer.setsUpAccount();
  await buyer.answers({ company, ...person });
  await buyer.finishesSetUp();
  const licenseArn = await buyer
    .license()
    .getByTitle(/^arn:aws:license-manager/)
    .getAttribute("title");

  const { page } = seller;
  await seller.signsIn();
  await seller.opens("Records");
  await expect(page.getByRole("heading", { name: "No usage has arrived yet" })).toBeVisible();
  await seller.createsKey();

  const first = await seller.sendsShownCommand();
  expect(first).toMatchObject({ code: 0 });
  expect(JSON.parse(first.stdout)).toEqual({ accepted: 1, duplicates: 0, rejected: [] });
  await expect(seller.row(company)).toContainText("Counting");
  await expect(seller.row(company)).toContainText("12.5");

  await seller.endsThisHour();
  await expect(seller.row(company)).toContainText("Billed");
  await expect(seller.row(company)).toContainText("12");

  await seller.visitsStorefront();
  await seller.leavesNextRecordForLater();
  await seller.returnsToPortal();

  await seller.opens("Records");
  await seller.opensSendUsage();
  await seller.createsKey();
  const second = await seller.sendsShownCommand();
  expect(JSON.parse(second.stdout)).toEqual({ accepted: 1, duplicates: 0, rejected: [] });
  await expect(seller.row(company)).toHaveCount(2);
  await seller.endsThisHour();
  const waiting = seller.row(company).filter({ hasText: "Waiting" });
  await expect(waiting).toContainText("unprocessed");
  await expect(waiting).toContainText(/\d+ h/);

  await waiting.getByRole("link").click();
  await expect(page.getByRole("heading", { level: 1 })).toContainText("it can still be billed for");
  await expect(page.getByRole("main")).toContainText("unprocessed");
  await expect(page.getByRole("main")).toContainText("Safe until");
  await seller.retries();
  await expect(page.getByRole("heading", { level: 1 })).toContainText("Billed: AWS holds 13");

  await seller.opens("Records");
  await expect(seller.row(company).filter({ hasText: "Billed" })).toHaveCount(2);

  // 12.5 and 12.5 are 25 units: the half that was carried went out with the second hour, and nothing twice.
  expect(await sandbox.bills(licenseArn ?? "")).toEqual([
    { dimension: "api_calls", quantity: 12 },
    { dimension: "api_calls", quantity: 13 },
  ]);
  await seller.visitsStorefront();
  await seller.looksAt("Ledger");
  await expect(page.getByRole("row").filter({ has: page.getByTitle(licenseArn ?? "") })).toHaveCount(2);
  const reconciled = await portal.run("reconcile");
  expect(reconciled, reconciled.stdout).toMatchObject({ code: 0 });
  expect(reconciled.stdout).toContain("every unit is in its place");
});

test("Retry pressed in two tabs bills a record once", async ({ seller, sandbox, portal }) => {
  const record = await portal.hasWaitingRecord("7");
  await seller.signsIn();
  const tabs = [seller.page, await seller.page.context().newPage()];
  for (const tab of tabs) await tab.goto(recordAddress(seller.page.url(), record.id));

  await Promise.all(tabs.map((tab) => tab.getByRole("button", { name: "Retry", exact: true }).click()));

  for (const tab of tabs)
    await expect(tab.getByRole("heading", { level: 1 })).toContainText("Billed: AWS holds 7");
  expect(await sandbox.bills(record.licenseArn)).toEqual([{ dimension: "gb_indexed", quantity: 7 }]);
  expect(await portal.record(record.id)).toMatchObject({ state: "accepted", attempts: 2 });
});

test("an admin who was removed is out at once", async ({ seller, portal, world }) => {
  const admin = await portal.hasAdmin();
  await seller.signsIn(admin);
  await seller.opens("Records");

  await portal.query(await portal.databaseUrl(), "DELETE FROM admin WHERE email = $1", [admin.email]);
  await seller.page.reload();
  await expect(seller.page).toHaveURL(`${world.portal}/sign-in`);
});

test("a wrong password is refused without saying which part is wrong", async ({ seller, world }) => {
  const { page } = seller;
  await page.goto(`${world.portal}/sign-in`);
  for (const email of [world.admin.email, "nobody@seller.example"]) {
    await page.getByLabel("E-mail").fill(email);
    await page.getByLabel("Password").fill("not the password");
    await page.getByRole("button", { name: "Sign in", exact: true }).click();
    await expect(page.getByRole("alert").filter({ hasText: "do not belong together" })).toBeVisible();
    await expect(page.getByLabel("Password")).toHaveValue("");
  }
});

const recordAddress = (from: string, id: string) => new URL(`/admin/metering/records/${id}`, from).href;
