import { expect } from "@playwright/test";
import { type Cast, signedIn, type Visit } from "./visit.ts";

/** Runs one statement in the portal's database, under its feet. */
const sets = async ({ portal }: Cast, ...statements: string[]): Promise<void> => {
  const address = await portal.databaseUrl();
  for (const sql of statements) await portal.query(address, sql);
};

/** The seller's pages when several things go wrong at once, and when a page cannot be made at all. */
export const BAD_DAY_VISITS: Visit[] = [
  {
    route: "/admin",
    state: "a read that the page needs fails",
    open: async (cast) => {
      const address = await cast.portal.databaseUrl();
      await cast.seller.signsIn();
      const { page } = cast.seller;
      await cast.portal.query(address, "ALTER TABLE registration RENAME TO registration_away");
      try {
        await page.goto(`${cast.world.portal}/admin`);
        await expect(page.getByRole("heading", { level: 1 })).toHaveText("This page could not be made");
      } finally {
        await cast.portal.query(address, "ALTER TABLE registration_away RENAME TO registration");
      }
      return page;
    },
  },
  {
    route: "/admin",
    state: "more alerts than stand open, a problem, a pause",
    open: async (cast) => {
      const { id } = await cast.portal.hasWaitingRecord("12");
      const page = await signedIn(cast, `/admin/metering/records/${id}`);
      await cast.seller.holds();
      await expect(page.getByRole("heading", { level: 1 })).toContainText("On hold");
      await cast.portal.hasEndangeredRecord();
      await sets(cast, "UPDATE product SET mode = 'paused'");
      await cast.seller.opens("Overview");
      await cast.seller.pauses("AWS asked us to wait");
      const alerts = page.getByRole("status", { name: "Alerts" });
      await alerts.getByText(/\d more/).click();
      await expect(alerts.getByRole("listitem").nth(3)).toBeVisible();
      await expect(page.getByRole("main")).toContainText("gb_indexed is on hold");
      return page;
    },
    leave: async (cast) => {
      await sets(
        cast,
        "UPDATE product SET mode = 'live'",
        "UPDATE portal_state SET paused_at = NULL, paused_reason = NULL",
      );
    },
  },
  {
    route: "/admin/metering/records/[id]",
    state: "no such record",
    open: async (cast) => {
      await cast.seller.signsIn();
      const { page } = cast.seller;
      const answer = await page.goto(
        `${cast.world.portal}/admin/metering/records/00000000-0000-7000-8000-000000000000`,
      );
      expect(answer?.status()).toBe(404);
      await expect(page.getByRole("heading", { level: 1 })).toHaveText("There is no record with this id");
      return page;
    },
  },
];
