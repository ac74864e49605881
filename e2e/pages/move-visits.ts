import { expect } from "@playwright/test";
import { at, type Cast, signedIn, type Visit } from "./visit.ts";

/** The page of a record that AWS has refused, where its units may be moved. */
const refused = async (cast: Cast): Promise<string> => {
  const { id } = await cast.portal.hasWaitingRecord("19");
  const { portal } = cast;
  const refuse = "UPDATE queued_record SET state = 'rejected' WHERE record_id = $1";
  await portal.query(await portal.databaseUrl(), refuse, [id]);
  return `/admin/metering/records/${id}`;
};

/** The page of units that wait unsealed: with and without tags, whole and not. */
const unsealed = async (cast: Cast): Promise<string> => {
  const { portal } = cast;
  const { licenseArn, customerAwsAccountId } = await portal.hasPendingBuyer();
  await portal.takesUsage(licenseArn, "19");
  await portal.takesUsage(licenseArn, "2.625");
  await portal.movesClock({ to: "hour-closed" });
  await signedIn(cast, "/admin/metering/unsealed");
  await cast.seller.findsUnsealed(customerAwsAccountId);
  return new URL(cast.seller.page.url()).pathname;
};

/** Usage that goes elsewhere: units to another series, a buyer to license style. */
export const MOVE_VISITS: Visit[] = [
  {
    route: "/admin/metering/records/[id]",
    state: "before its units are moved: where to",
    open: async (cast) => {
      const page = await signedIn(cast, await refused(cast));
      await page.getByRole("link", { name: "Move…" }).click();
      await expect(page.getByRole("heading", { name: /^Move 19 units of gb_indexed/ })).toBeVisible();
      return page;
    },
  },
  {
    route: "/admin/metering/records/[id]",
    state: "before its units are moved: what will happen, for too short a reason",
    open: async (cast) => {
      const page = await signedIn(cast, `${await refused(cast)}?move=1`);
      await page.getByRole("button", { name: "Show what will happen" }).click();
      await cast.seller.moves("misspelt");
      await expect(page.getByLabel("Why")).toHaveAttribute("aria-invalid", "true");
      return page;
    },
  },
  {
    route: "/admin/metering/unsealed",
    state: "some",
    open: async (cast) => {
      await unsealed(cast);
      return at(cast, "/admin/metering/unsealed");
    },
  },
  {
    route: "/admin/metering/unsealed",
    state: "nothing of an account",
    open: async (cast) => {
      const page = await signedIn(cast, "/admin/metering/unsealed?of=000000000000");
      await expect(page.getByRole("main")).toContainText("Nothing of this license or AWS account waits");
      return page;
    },
  },
  {
    route: "/admin/metering/unsealed/[id]",
    state: "before they are moved: where to",
    open: async (cast) => {
      const page = await at(cast, await unsealed(cast));
      await page.getByRole("link", { name: "Move…" }).click();
      await expect(
        page.getByRole("heading", { name: "Move 21.625 unsealed units of gb_indexed?" }),
      ).toBeVisible();
      return page;
    },
  },
  {
    route: "/admin/metering/unsealed/[id]",
    state: "moved",
    open: async (cast) => {
      const page = await at(cast, `${await unsealed(cast)}?move=1`);
      await page.getByRole("button", { name: "Show what will happen" }).click();
      await cast.seller.moves("The dimension was wrong");
      await expect(page.getByRole("heading", { level: 1 })).toHaveText(
        "Nothing of gb_indexed waits unsealed",
      );
      await expect(page.getByRole("main")).toContainText("Moved: 21.625 units went to");
      return page;
    },
  },
  {
    route: "/admin/metering/unsealed/[id]",
    state: "no such place",
    open: async (cast) => {
      await cast.seller.signsIn();
      const { page } = cast.seller;
      const none = `${cast.world.portal}/admin/metering/unsealed/999999999`;
      expect((await page.goto(none))?.status()).toBe(404);
      await expect(page.getByRole("heading", { level: 1 })).toHaveText("There is no place with this id");
      return page;
    },
  },
  {
    route: "/admin/products/cut-over",
    state: "a form with mistakes",
    open: async (cast) => {
      await cast.portal.hasLegacyBuyer();
      const page = await signedIn(cast, "/admin/products/cut-over");
      await page
        .getByRole("link", { name: /^Cut over…/ })
        .last()
        .click();
      await page.getByLabel("ARN of the license").fill("l-1");
      await page.getByRole("button", { name: "Show from which hour on" }).click();
      await expect(page.getByRole("main")).toContainText("This is no license ARN");
      await expect(page.getByLabel("ARN of the license")).toHaveValue("l-1");
      return page;
    },
  },
  {
    route: "/admin/products/cut-over",
    state: "before it is made",
    open: async (cast) => {
      const { licenseArn } = await cast.portal.hasLegacyBuyer();
      const page = await signedIn(cast, "/admin/products/cut-over");
      await page
        .getByRole("link", { name: /^Cut over…/ })
        .last()
        .click();
      await cast.seller.asksToCutOver(licenseArn);
      await expect(page.getByRole("button", { name: /^Cut over from/ })).toBeVisible();
      return page;
    },
  },
];
