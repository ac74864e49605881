import { newCompany } from "../actors/buyer.ts";
import { expect, test } from "../fixtures.ts";

test("a buyer subscribes, sets up an account and sees what they bought", async ({ buyer, world }) => {
  const { page } = buyer;
  const answers = newCompany();
  await buyer.subscribes();

  const arrival = await buyer.setsUpAccount();
  expect(arrival.request().method()).toBe("POST");
  expect(await arrival.request().headerValue("sec-fetch-site"), "AWS's form comes from another site").toBe(
    "cross-site",
  );
  expect(arrival.status()).toBe(303);
  await expect(page).toHaveURL(`${world.portal}/onboarding`);

  await buyer.answers(answers);
  await buyer.finishesSetUp();

  await expect(page).toHaveURL(`${world.portal}/account`);
  await expect(page.getByRole("heading", { level: 1, name: answers.company })).toBeVisible();
  const license = buyer.license();
  await expect(license.getByText("Active")).toBeVisible();
  await expect(license.getByRole("row", { name: /Gigabytes indexed/ })).toContainText("5,000");
  await expect(license.getByRole("row", { name: /Seats/ })).toContainText("10");

  await license.getByRole("button", { name: "Refresh" }).click();
  await expect(license.getByRole("status")).toHaveText("Read from AWS just now.");
});

test("the form says what is missing and keeps what was typed", async ({ buyer }) => {
  await buyer.subscribes();
  await buyer.setsUpAccount();
  await buyer.answers({ email: "ada at heron", name: "Ada Marsh", company: "Blue Heron" });
  await buyer.finishesSetUp();

  const email = buyer.page.getByLabel("Work e-mail");
  await expect(email).toHaveAccessibleDescription(/Write an e-mail address/);
  await expect(email).toHaveValue("ada at heron");
  await expect(buyer.page.getByLabel("Company")).toHaveValue("Blue Heron");
  await expect(buyer.page.getByLabel(/I accept the terms/)).toBeChecked();
});

test("two licenses of one AWS account stand on one account page", async ({ buyer }) => {
  const { page } = buyer;
  const answers = newCompany();
  await buyer.subscribes();
  await buyer.setsUpAccount();
  await buyer.answers(answers);
  await buyer.finishesSetUp();
  await expect(buyer.license()).toHaveCount(1);

  // The market offers the account that was made up last first, after the three companies.
  await buyer.opensStorefront();
  await page
    .getByRole("group", { name: /Who is shopping/ })
    .locator("label")
    .nth(3)
    .click();
  await page.getByRole("button", { name: "Subscribe" }).click();
  await buyer.setsUpAccount();
  await buyer.answers(answers);
  await buyer.finishesSetUp();
  await expect(buyer.license()).toHaveCount(2);
});

test("going back after the set-up is finished does not open it again", async ({ buyer, world }) => {
  await buyer.subscribes();
  await buyer.setsUpAccount();
  await buyer.answers(newCompany());
  await buyer.finishesSetUp();
  await expect(buyer.license()).toBeVisible();

  await buyer.page.goBack();
  await expect(buyer.page).toHaveURL(`${world.portal}/account`);
});

test("a finished set-up is not opened by its token: whoever holds the link has to sign in", async ({
  buyer,
  sandbox,
  world,
}) => {
  const { registrationToken } = await sandbox.sells();
  await buyer.comesWithToken(registrationToken);
  await buyer.answers(newCompany());
  await buyer.finishesSetUp();
  await expect(buyer.license()).toBeVisible();
  await buyer.page.context().clearCookies();

  await buyer.comesWithToken(registrationToken);
  await expect(buyer.page).toHaveURL(`${world.portal}/sign-in`);
});

test("a page that was left open goes on by itself when AWS grants the license", async ({
  buyer,
  portal,
  sandbox,
}) => {
  const { registrationToken } = await sandbox.sells({ licenseAfterSeconds: 1_800 });
  await buyer.comesWithToken(registrationToken);
  await expect(buyer.page.getByRole("heading", { name: /still confirming/ })).toBeVisible();

  await portal.movesClock({ advanceSeconds: 1_801 });
  await expect(buyer.page.getByLabel("Work e-mail")).toBeVisible();
});
