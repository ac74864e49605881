import { expect } from "@playwright/test";
import { portalOf } from "../../e2e/actors/portal.ts";
import { sandboxOf } from "../../e2e/actors/sandbox.ts";
import type { Seller } from "../../e2e/actors/seller.ts";
import type { World } from "../../e2e/world/world.ts";
import type { Photographer } from "./photographer.ts";

const PATIENT = expect.configure({ timeout: 20_000 });
const RECORDS = "/admin/metering/records";

/** After the three minutes: the states a seller sees on a bad day, each taken once. */
export async function playHands(stage: {
  seller: Seller;
  world: World;
  camera: Photographer;
}): Promise<void> {
  const { seller, world, camera } = stage;
  const { page } = seller;
  const sandbox = sandboxOf(world);
  const portal = portalOf(world, sandbox);
  const opens = (path: string) => page.goto(`${world.portal}${path}`);

  const buyers = [await portal.hasBuyer(), await portal.hasBuyer(), await portal.hasBuyer()];
  for (const [at, { licenseArn }] of buyers.entries()) await portal.takesUsage(licenseArn, `${18 + at}.75`);
  await sandbox.misbehaves({ unprocessed: 1 });
  await portal.movesClock({ to: "hour-closed" });

  await opens(`${RECORDS}?state=sealed`);
  const boxes = page.getByRole("row").getByRole("checkbox");
  await PATIENT(boxes).toHaveCount(buyers.length);
  await boxes.nth(0).check();
  await boxes.nth(1).check();
  await camera.takes(page, "records-selection");
  await page.getByRole("button", { name: "Retry…" }).click();
  await PATIENT(page.getByRole("heading", { name: "Send 2 records again?" })).toBeVisible();
  await camera.takes(page, "records-retry");

  await opens(`${RECORDS}?state=sealed`);
  await seller.opensRecord(buyers[0]?.licenseArn.slice(-4) ?? "");
  const record = page.url();
  await seller.asksToWriteOff();
  await PATIENT(page.getByRole("heading", { name: "Write this record off?" })).toBeVisible();
  await camera.takes(page, "record-write-off");
  await page.goto(record);
  await seller.holds();
  await PATIENT(page.getByRole("heading", { level: 1 })).toContainText("On hold");
  await PATIENT(page.getByRole("status", { name: "Alerts" })).toContainText("on hold");
  await camera.takes(page, "record-held");
  await opens(`${RECORDS}/00000000-0000-7000-8000-000000000000`);
  await camera.takes(page, "record-unknown");

  await sandbox.behaves();
  const { id } = await portal.hasEndangeredRecord();
  await opens("/admin");
  await PATIENT(page.getByRole("heading", { level: 1 })).toContainText("in danger");
  await camera.takes(page, "overview-danger");
  await page.getByText("Pause sending…").click();
  await camera.takes(page, "overview-pause-form");
  await page.getByLabel("Why").fill("AWS asked us to wait");
  await page.getByRole("button", { name: "Pause sending" }).click();
  await PATIENT(page.getByRole("status", { name: "Alerts" })).toContainText("AWS asked us to wait");
  await camera.takes(page, "overview-paused");
  await seller.resumes();

  // The window of an ended license closes: AWS refuses what it took an hour ago.
  await sandbox.misbehaves({ unprocessed: 1 });
  await portal.movesClock({ advanceSeconds: 45 * 60 });
  await sandbox.behaves();
  await opens(`${RECORDS}/${id}`);
  await seller.retries();
  await PATIENT(page.getByRole("heading", { level: 1 })).toContainText("AWS refused this record");
  await camera.takes(page, "record-refused");
  await opens("/admin");
  await PATIENT(page.getByRole("main")).toContainText("AWS does not see this buyer as subscribed");
  await camera.takes(page, "overview-problems");

  await portal.isRestored();
  await PATIENT(async () => {
    await page.reload();
    await expect(page.getByRole("region", { name: /^The database was restored/ })).toBeVisible();
  }).toPass();
  await camera.takes(page, "overview-restored");
}
