import { newCompany } from "../actors/buyer.ts";
import { expect, test } from "../fixtures.ts";

test.use({ javaScriptEnabled: false });

test("without JavaScript a buyer gets from the storefront to the account", async ({ buyer, world }) => {
  const answers = newCompany();
  await buyer.subscribes();
  await buyer.setsUpAccount();
  await buyer.seesWhatWasBought();
  await buyer.answers({ ...answers, email: "not an address" });
  await buyer.finishesSetUp();
  await expect(buyer.page.getByLabel("Work e-mail")).toHaveAccessibleDescription(/Write an e-mail address/);

  await buyer.answers(answers);
  await buyer.finishesSetUp();
  await expect(buyer.page).toHaveURL(`${world.portal}/account`);
  await expect(buyer.page.getByRole("heading", { level: 1, name: answers.company })).toBeVisible();
  await expect(buyer.license().getByRole("row", { name: /Gigabytes indexed/ })).toContainText("5,000");

  await buyer.license().getByRole("button", { name: "Refresh" }).click();
  await expect(buyer.license().getByRole("status")).toHaveText("Read from AWS just now.");
});
