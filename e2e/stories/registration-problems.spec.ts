import type { Page } from "@playwright/test";
import { expect, test } from "../fixtures.ts";

const HOURS_5 = 5 * 3600;

test("a link without its token, or with one AWS does not know, leads back to AWS", async ({ buyer }) => {
  const without = await buyer.comesWithToken(undefined);
  expect(without.status()).toBe(400);
  await expect(buyer.page.getByRole("heading", { level: 1 })).toContainText("without its token");
  await expectWayBack(buyer.page);

  const unknown = await buyer.comesWithToken("no+such/token==");
  expect(unknown.status()).toBe(400);
  await expect(buyer.page.getByRole("heading", { level: 1 })).toContainText("AWS does not know");
  await expectWayBack(buyer.page);
  expect(await buyer.page.content()).not.toContain("no+such/token");
});

test("an expired link says so, and a fresh one from the storefront works", async ({
  buyer,
  portal,
  sandbox,
}) => {
  const { registrationToken } = await sandbox.sells();
  await portal.movesClock({ advanceSeconds: HOURS_5 });
  const answer = await buyer.comesWithToken(registrationToken);
  expect(answer.status()).toBe(410);
  await expect(buyer.page.getByRole("heading", { level: 1 })).toContainText("expired");
  await expectWayBack(buyer.page);

  await buyer.page.getByRole("link", { name: "Open Manage subscriptions" }).click();
  await buyer.page.getByRole("link", { name: "Agreements" }).click();
  await buyer.page.getByRole("link", { name: "Set up your account…" }).first().click();
  await buyer.setsUpAccount();
  await expect(buyer.page.getByLabel("Work e-mail")).toBeVisible();
});

for (const fault of ["error500", "dropBefore"] as const) {
  test(`when AWS does not answer (${fault}) nothing is lost and the same link works later`, async ({
    buyer,
    sandbox,
  }) => {
    const { registrationToken } = await sandbox.sells();
    await sandbox.misbehaves({ [fault]: 1 });
    const answer = await buyer.comesWithToken(registrationToken);
    expect(answer.status()).toBe(503);
    await expect(buyer.page.getByRole("heading", { level: 1 })).toContainText("AWS does not answer");

    await sandbox.behaves();
    await buyer.comesWithToken(registrationToken);
    await expect(buyer.page.getByLabel("Work e-mail")).toBeVisible();
  });
}

/** Every problem page says how to start again from AWS, and that nothing has to be bought again. */
async function expectWayBack(page: Page): Promise<void> {
  await expect(page.getByRole("main")).toContainText("Manage subscriptions");
  await expect(page.getByRole("main")).toContainText("do not subscribe again");
}
