import { expect } from "@playwright/test";
import { at, type Cast, signedIn, type Visit } from "./visit.ts";

/** Runs one statement in the portal's database, under its feet. */
const sets = async ({ portal }: Cast, sql: string): Promise<void> => {
  await portal.query(await portal.databaseUrl(), sql);
};

/** The page of a record to be confirmed. */
const toBeConfirmed = async (cast: Cast): Promise<string> => {
  const { id } = await cast.portal.hasUnconfirmedRecord("17");
  return `/admin/metering/records/${id}`;
};

/** What the seller's hands reach beyond one record: all that match, settling, refused events, products, a restore. */
export const HANDS_VISITS: Visit[] = [
  {
    route: "/admin/metering/records",
    state: "before all that match are retried",
    open: async (cast) => {
      await cast.portal.hasWaitingRecord("31");
      const page = await signedIn(cast, "/admin/metering/records?state=sealed");
      await cast.seller.choosesAll();
      await page.getByRole("button", { name: "Retry all…" }).click();
      await expect(page.getByRole("heading", { name: /^Send .* again\?$/ })).toBeVisible();
      await expect(page.getByRole("main")).toContainText("The worker goes through them in order.");
      return page;
    },
  },
  {
    route: "/admin/metering/operations/[id]",
    state: "over, with something left alone",
    open: async (cast) => {
      const { id } = await cast.portal.hasWaitingRecord("32");
      const page = await signedIn(cast, `/admin/metering/records/${id}`);
      await cast.seller.holds();
      await expect(page.getByRole("heading", { level: 1 })).toContainText("On hold");
      await at(cast, "/admin/metering/records?state=held&all=1&decide=release");
      await page.getByRole("button", { name: /^Release \d/ }).click();
      await expect(page.getByText("Done", { exact: true }).first()).toBeVisible();
      await sets(
        cast,
        `UPDATE operation SET matched = 3, skipped = 1, reasons = '[{"id": "${id}", "reason": "submitting"}]'`,
      );
      await page.reload();
      await expect(page.getByRole("region", { name: "Left alone" })).toContainText("Sending");
      return page;
    },
  },
  {
    route: "/admin/metering/operations/[id]",
    state: "no such operation",
    open: async (cast) => {
      await cast.seller.signsIn();
      const { page } = cast.seller;
      const none = `${cast.world.portal}/admin/metering/operations/00000000-0000-7000-8000-000000000000`;
      expect((await page.goto(none))?.status()).toBe(404);
      await expect(page.getByRole("heading", { level: 1 })).toHaveText("There is no operation with this id");
      return page;
    },
  },
  {
    route: "/admin/metering/operations",
    state: "some",
    open: (cast) => signedIn(cast, "/admin/metering/operations"),
  },
  {
    route: "/admin/metering/records/[id]",
    state: "to be confirmed",
    open: async (cast) => {
      const page = await signedIn(cast, await toBeConfirmed(cast));
      await expect(page.getByRole("link", { name: "AWS billed it…" })).toBeVisible();
      await expect(page.getByRole("region", { name: "What CloudTrail shows" })).toBeVisible();
      return page;
    },
  },
  {
    route: "/admin/metering/records/[id]",
    state: "settled without a receipt and for too short a reason",
    open: async (cast) => {
      const page = await signedIn(cast, `${await toBeConfirmed(cast)}?settle=billed`);
      await page.getByRole("button", { name: "AWS billed it" }).click();
      await expect(page.getByLabel("AWS’s receipt")).toHaveAttribute("aria-invalid", "true");
      return page;
    },
  },
  {
    route: "/admin/metering/records/[id]",
    state: "somebody's word waits for a second person",
    open: async (cast) => {
      const page = await signedIn(cast, await toBeConfirmed(cast));
      await cast.seller.saysNotBilled("Not in CloudTrail of that hour");
      await page.getByRole("link", { name: "Done" }).click();
      await expect(page.getByText("Your word waits for a second person.")).toBeVisible();
      return page;
    },
  },
  {
    route: "/admin",
    state: "a decision waits for a second person",
    open: async (cast) => {
      const page = await signedIn(cast, await toBeConfirmed(cast));
      await cast.seller.saysNotBilled("Not in CloudTrail of that hour");
      await expect(page.getByRole("link", { name: "Done" })).toBeVisible();
      await cast.seller.opens("Overview");
      await expect(page.getByRole("main")).toContainText("You say that AWS did not bill 17 gb_indexed");
      return page;
    },
  },
  {
    route: "/admin/metering/refused",
    state: "before events of one reason are replayed",
    open: async (cast) => {
      await cast.portal.refusesUsage();
      const page = await signedIn(cast, "/admin/metering/refused");
      await page.getByRole("link", { name: /Replay .*No such dimension/ }).click();
      await expect(page.getByRole("heading", { name: /^Replay .*\?$/ })).toBeVisible();
      return page;
    },
  },
  { route: "/admin/products", state: "all live", open: (cast) => signedIn(cast, "/admin/products") },
  {
    route: "/admin/products",
    state: "one paused, one asked to pause without a reason, a cap that is no number",
    open: async (cast) => {
      const page = await signedIn(cast, "/admin/products");
      await cast.seller.pausesProduct("Halyard Pipeline", "AWS asked us to wait");
      const other = page.getByRole("region", { name: "Halyard Vector Search" });
      await other.getByLabel(/hour of gb_indexed/).fill("12.5");
      await other.getByRole("button", { name: "Save the cap of gb_indexed" }).click();
      await expect(other).toContainText("Write a whole number of at least 1, or nothing.");
      await other.getByText("Pause…").click();
      await other.getByRole("button", { name: "Pause Halyard Vector Search" }).click();
      await expect(other).toContainText("Write at least three words");
      return page;
    },
    leave: (cast) => sets(cast, "UPDATE product SET mode = 'live'"),
  },
  {
    route: "/admin/products",
    state: "before another program meters one",
    open: async (cast) => {
      const page = await signedIn(cast, "/admin/products");
      await page.getByRole("link", { name: /Another program meters it….*Halyard Pipeline/ }).click();
      await expect(
        page.getByRole("heading", { name: "Let another program meter Halyard Pipeline?" }),
      ).toBeVisible();
      return page;
    },
  },
  {
    route: "/admin",
    state: "after a restore",
    open: async (cast) => {
      await sets(
        cast,
        `UPDATE portal_state SET paused_at = now(), paused_reason = 'The database was restored or promoted. AWS may hold numbers since 2026-11-21 14:00 UTC that it has forgotten; what is on its way (records: 2) and every hour up to now are marked.'`,
      );
      const page = await signedIn(cast, "/admin");
      const notice = page.getByRole("region", { name: /^The database was restored/ });
      await expect(notice).toContainText("AWS may hold numbers since 2026-11-21 14:00 UTC");
      await expect(notice.getByRole("button", { name: "Resume after the restore" })).toBeVisible();
      return page;
    },
    leave: (cast) => sets(cast, "UPDATE portal_state SET paused_at = NULL, paused_reason = NULL"),
  },
];
