import { type Browser, expect } from "@playwright/test";
import { buyerOf, newCompany } from "../../e2e/actors/buyer.ts";
import { portalOf } from "../../e2e/actors/portal.ts";
import { sandboxOf } from "../../e2e/actors/sandbox.ts";
import { sellerOf } from "../../e2e/actors/seller.ts";
import { runPortalCommand } from "../../e2e/actors/shell.ts";
import type { World } from "../../e2e/world/world.ts";
import type { Photographer } from "./photographer.ts";
import { playHands } from "./play-hands.ts";
import { stopwatch } from "./stopwatch.ts";

const PATIENT = expect.configure({ timeout: 20_000 });

/** From an empty portal to a rescued record, as somebody would who has read nothing. Throws where the way breaks off. */
export async function playTour(stage: {
  browser: Browser;
  world: World;
  camera: Photographer;
}): Promise<void> {
  const { browser, world, camera } = stage;
  const step = stopwatch(camera);
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  const buyer = buyerOf(await context.newPage(), world);
  const answers = newCompany();

  await step("open the storefront and press Subscribe", async () => {
    await buyer.opensStorefront();
    await camera.takes(buyer.page, "storefront");
    await buyer.subscribes();
    await camera.takes(buyer.page, "storefront-bought");
  });
  await step("press Set up your account", async () => {
    await buyer.setsUpAccount();
    await PATIENT(buyer.page.getByLabel("Work e-mail")).toBeVisible();
    await PATIENT(buyer.page.getByRole("complementary")).toContainText("5,000 GB");
    await camera.takes(buyer.page, "onboarding-form");
  });
  await step("answer three questions and see what was bought", async () => {
    await buyer.answers(answers);
    await buyer.finishesSetUp();
    await PATIENT(buyer.license()).toContainText("Gigabytes indexed");
    await camera.takes(buyer.page, "account-licenses");
  });

  const sellersBrowser = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  const seller = sellerOf(await sellersBrowser.newPage(), world);
  const row = () => seller.row(answers.company);
  await step("sign in as the seller", async () => {
    await seller.page.goto(`${world.portal}/sign-in`);
    await camera.takes(seller.page, "sign-in");
    await seller.signsIn();
    await camera.takes(seller.page, "overview-new");
  });
  await step("open Records, make a key, run the command in a shell", async () => {
    await seller.opens("Records");
    await camera.takes(seller.page, "records-empty");
    await seller.createsKey();
    const sent = await seller.sendsShownCommand();
    if (!sent.stdout.includes('"accepted":1')) throw new Error(`curl said ${sent.stdout}${sent.stderr}`);
    await PATIENT(row()).toContainText("Counting");
    await camera.takes(seller.page, "records-counting");
  });
  await step("move the clock to the end of this hour: Billed", async () => {
    await seller.endsThisHour();
    await PATIENT(row()).toContainText("Billed");
  });
  await step("tell the sandbox to leave the next record for later", async () => {
    await seller.visitsStorefront();
    await seller.leavesNextRecordForLater();
  });
  await step("send usage again and close the hour: Waiting, with its reason and deadline", async () => {
    await seller.returnsToPortal();
    await seller.opens("Records");
    await seller.opensSendUsage();
    await seller.createsKey();
    await seller.sendsShownCommand();
    await PATIENT(row()).toHaveCount(2);
    await seller.endsThisHour();
    await PATIENT(row().filter({ hasText: "Waiting" })).toContainText("unprocessed");
  });
  await step("open it", async () => {
    await row().filter({ hasText: "Waiting" }).getByRole("link").click();
    await PATIENT(seller.page.getByRole("heading", { level: 1 })).toContainText("can still be billed");
    await camera.takes(seller.page, "record-waiting");
  });
  await step("press Retry: Billed, once", async () => {
    await seller.retries();
    await PATIENT(seller.page.getByRole("heading", { level: 1 })).toContainText("Billed: AWS holds");
    await camera.takes(seller.page, "record-billed");
  });
  await step("AWS's ledger in the sandbox agrees", async () => {
    await seller.visitsStorefront();
    await seller.looksAt("Ledger");
    await PATIENT(seller.page.getByRole("listitem").filter({ hasText: "api_calls" })).toContainText("25");
    await camera.takes(seller.page, "sandbox-ledger");
  });
  console.log(`${step.sum().toFixed(1).padStart(6)} s in all, without a person's reading and typing`);

  const reconciled = await runPortalCommand(world, ["reconcile"]);
  if (reconciled.code !== 0) throw new Error(`reconcile: ${reconciled.stdout}${reconciled.stderr}`);
  console.log("npm run portal -- reconcile: every unit is in its place");

  for (const tab of ["Agreements", "Calls", "Events"] as const) {
    await seller.looksAt(tab);
    await camera.takes(seller.page, `sandbox-${tab.toLowerCase()}`);
  }
  await seller.returnsToPortal();
  await camera.takes(seller.page, "overview");
  await seller.opens("Records");
  await PATIENT(row()).toHaveCount(2);
  await camera.takes(seller.page, "records-list");
  const portal = portalOf(world, sandboxOf(world));
  const licenseArn = await buyer.licenseArn();
  for (const gigabytes of ["640", "1320"]) {
    await portal.takesUsage(licenseArn, gigabytes);
    await portal.movesClock({ advanceSeconds: 24 * 3600 });
  }
  await portal.hasMonthLeft(2);
  await portal.takesUsage(licenseArn, "410");
  await portal.movesClock({ to: "hour-closed" });
  await buyer.page.reload();
  await PATIENT(buyer.page.getByRole("region", { name: "Usage in" })).toContainText("Gigabytes indexed");
  await camera.takes(buyer.page, "account-usage");
  await buyer.comesWithToken("a link that was cut off");
  await camera.takes(buyer.page, "register-unknown");
  for (const words of ["privacy", "terms", "help"]) {
    await buyer.page.goto(`${world.portal}/${words}`);
    await camera.takes(buyer.page, words);
  }
  await buyer.page.goto(`${world.portal}/no/such/page`);
  await camera.takes(buyer.page, "not-found");
  await playHands({ seller, world, camera });
}
