import { expect } from "@playwright/test";
import { newCompany } from "../actors/buyer.ts";
import { BAD_DAY_VISITS } from "./bad-day-visits.ts";
import { HANDS_VISITS } from "./hands-visits.ts";
import { MOVE_VISITS } from "./move-visits.ts";
import { at, signedIn, type Visit } from "./visit.ts";

/** Every page of the portal, in each state that looks different. */
export const PORTAL_VISITS: Visit[] = [
  { route: "/", state: "leads to sign-in", open: (cast) => at(cast, "/") },
  { route: "/sign-in", state: "first sight", open: (cast) => at(cast, "/sign-in") },
  {
    route: "/sign-in",
    state: "refused",
    open: async ({ seller, world }) => {
      const { page } = seller;
      await page.goto(`${world.portal}/sign-in`);
      await page.getByLabel("E-mail").fill("nobody@seller.example");
      await page.getByLabel("Password").fill("not the password");
      await page.getByRole("button", { name: "Sign in", exact: true }).click();
      await expect(page.getByText("do not belong together")).toBeVisible();
      return page;
    },
  },
  { route: "/_not-found", state: "nothing there", open: (cast) => at(cast, "/no/such/page") },
  { route: "/_global-error", state: "everything failed", open: (cast) => at(cast, "/_global-error") },
  { route: "/privacy", state: "plain words", open: (cast) => at(cast, "/privacy") },
  { route: "/terms", state: "plain words", open: (cast) => at(cast, "/terms") },
  { route: "/help", state: "plain words", open: (cast) => at(cast, "/help") },
  { route: "/onboarding", state: "nothing open", open: (cast) => at(cast, "/onboarding") },
  {
    route: "/onboarding",
    state: "still confirming",
    open: async ({ buyer, sandbox }) => {
      const { registrationToken } = await sandbox.sells({ licenseAfterSeconds: 86_400 });
      await buyer.comesWithToken(registrationToken);
      await expect(buyer.page.getByRole("heading", { name: /still confirming/ })).toBeVisible();
      return buyer.page;
    },
  },
  {
    route: "/onboarding",
    state: "the form",
    open: async ({ buyer }) => {
      await buyer.subscribes();
      await buyer.setsUpAccount();
      await expect(buyer.page.getByLabel("Work e-mail")).toBeVisible();
      return buyer.page;
    },
  },
  {
    route: "/onboarding",
    state: "the form with mistakes",
    open: async ({ buyer }) => {
      await buyer.subscribes();
      await buyer.setsUpAccount();
      await buyer.finishesSetUp();
      await expect(buyer.page.getByText("Accept the terms to go on.")).toBeVisible();
      return buyer.page;
    },
  },
  {
    route: "/account",
    state: "with a license",
    open: async ({ buyer }) => {
      await buyer.subscribes();
      await buyer.setsUpAccount();
      await buyer.answers(newCompany());
      await buyer.finishesSetUp();
      await expect(buyer.license()).toBeVisible();
      return buyer.page;
    },
  },
  {
    route: "/account",
    state: "with usage that AWS holds",
    open: async ({ buyer, portal, sandbox }) => {
      await buyer.subscribes();
      await buyer.setsUpAccount();
      await buyer.answers(newCompany());
      await buyer.finishesSetUp();
      await expect(buyer.license()).toBeVisible();
      const licenseArn = await buyer.licenseArn();
      await portal.hasMonthLeft(3);
      for (const [hours, quantity] of ["640", "610"].entries()) {
        await portal.takesUsage(licenseArn, quantity);
        await portal.movesClock({ to: "hour-closed" });
        await expect.poll(() => sandbox.bills(licenseArn)).toHaveLength(hours + 1);
      }
      await buyer.page.reload();
      await expect(buyer.page.getByRole("region", { name: "Usage in" })).toContainText("1,250");
      await expect(buyer.license()).toContainText("1,250 of 5,000 GB");
      return buyer.page;
    },
  },
  { route: "/admin", state: "money is safe", open: (cast) => signedIn(cast, "/admin") },
  {
    route: "/admin",
    state: "a record is in danger",
    open: async (cast) => {
      await cast.portal.hasEndangeredRecord();
      const page = await signedIn(cast, "/admin");
      await expect(page.getByRole("heading", { level: 1 })).toContainText("in danger");
      return page;
    },
  },
  {
    route: "/admin",
    state: "the pause that is asked for has no reason",
    open: async (cast) => {
      const page = await signedIn(cast, "/admin");
      await page.getByText("Pause sending…").click();
      await page.getByRole("button", { name: "Pause sending" }).click();
      await expect(page.getByRole("main")).toContainText("Write at least three words");
      await expect(page.getByLabel("Why")).toHaveAttribute("aria-invalid", "true");
      return page;
    },
  },
  {
    route: "/admin/metering/records",
    state: "records in several states",
    open: async (cast) => {
      const { licenseArn } = await cast.portal.hasBuyer();
      await cast.portal.takesUsage(licenseArn, "4.25");
      return signedIn(cast, "/admin/metering/records");
    },
  },
  {
    route: "/admin/metering/records",
    state: "before a ticked record is retried",
    open: async (cast) => {
      const { licenseArn } = await cast.portal.hasWaitingRecord("8");
      const page = await signedIn(cast, "/admin/metering/records?state=sealed");
      await cast.seller.row(licenseArn.slice(-4)).first().getByRole("checkbox").check();
      await page.getByRole("button", { name: "Retry…" }).click();
      await expect(page.getByRole("heading", { name: "Send 1 record again?" })).toBeVisible();
      return page;
    },
  },
  {
    route: "/admin/metering/records",
    state: "a filter that nothing fits",
    open: (cast) => signedIn(cast, "/admin/metering/records?state=written_off&dimension=gb_indexed"),
  },
  {
    route: "/admin/metering/records",
    state: "a new key in the command",
    open: async (cast) => {
      await cast.portal.hasBuyer();
      const page = await signedIn(cast, "/admin/metering/records?send=1");
      await cast.seller.createsKey();
      return page;
    },
  },
  {
    route: "/admin/metering/records/[id]",
    state: "waiting",
    open: async (cast) => {
      const { id } = await cast.portal.hasWaitingRecord("5");
      return signedIn(cast, `/admin/metering/records/${id}`);
    },
  },
  {
    route: "/admin/metering/records/[id]",
    state: "on hold, with an alert that says so",
    open: async (cast) => {
      const { id } = await cast.portal.hasWaitingRecord("9");
      const page = await signedIn(cast, `/admin/metering/records/${id}`);
      await cast.seller.holds();
      await expect(page.getByRole("heading", { level: 1 })).toContainText("On hold");
      await expect(page.getByRole("status", { name: "Alerts" })).toContainText("on hold");
      return page;
    },
  },
  {
    route: "/admin/metering/records/[id]",
    state: "written off for too short a reason",
    open: async (cast) => {
      const { id } = await cast.portal.hasWaitingRecord("13");
      const page = await signedIn(cast, `/admin/metering/records/${id}?write-off=1`);
      await cast.seller.writesOff("a test");
      await expect(page.getByLabel("Why")).toHaveAccessibleDescription(/an auditor will read them/);
      await expect(page.getByLabel("Why")).toHaveAttribute("aria-invalid", "true");
      return page;
    },
  },
  {
    route: "/admin/metering/records/[id]",
    state: "billed",
    open: async (cast) => {
      const { id } = await cast.portal.hasWaitingRecord("6");
      const page = await signedIn(cast, `/admin/metering/records/${id}`);
      await cast.seller.retries();
      await expect(page.getByRole("heading", { level: 1 })).toContainText("Billed");
      return page;
    },
  },
  ...HANDS_VISITS,
  ...MOVE_VISITS,
  ...BAD_DAY_VISITS,
];
