import { randomBytes } from "node:crypto";
import { expect, type Locator, type Page, type Response } from "@playwright/test";
import type { World } from "../world/world.ts";

export type Answers = { email: string; name: string; company: string };

/** Somebody who buys on AWS Marketplace, with a browser of their own. */
export type Buyer = ReturnType<typeof buyerOf>;

export function buyerOf(page: Page, world: World) {
  /** Presses something that leads to the fulfilment URL, and answers with what came from there. */
  const arrives = async (press: () => Promise<void>): Promise<Response> => {
    const answer = page.waitForResponse((response) => new URL(response.url()).pathname === "/register");
    await press();
    return answer;
  };
  return {
    page,
    opensStorefront: () => page.goto(world.market),
    /** A new AWS account buys what the market sells. */
    subscribes: async () => {
      await page.goto(world.market);
      await page.getByText("New account").click();
      await page.getByRole("button", { name: "Subscribe" }).click();
      await expect(page.getByRole("status")).toContainText("bought");
    },
    /** The button that sends the browser across sites to the seller. */
    setsUpAccount: () => arrives(() => page.getByRole("button", { name: "Set up your account" }).click()),
    /** What AWS's own form does, with any token or none. */
    comesWithToken: async (token: string | undefined): Promise<Response> => {
      await page.goto(world.market);
      return arrives(() =>
        page.evaluate(
          ({ action, value }) => {
            const form = document.createElement("form");
            form.method = "post";
            form.action = action;
            const field = document.createElement("input");
            field.name = "x-amzn-marketplace-token";
            field.value = value ?? "";
            if (value !== undefined) form.append(field);
            document.body.append(form);
            form.submit();
          },
          { action: `${world.portal}/register`, value: token },
        ),
      );
    },
    /** On the form: what AWS says was bought; without scripts, and before AWS has answered, one press away. */
    seesWhatWasBought: async () => {
      const bought = page.getByRole("complementary", { name: "What you bought" });
      await expect(bought).toBeVisible();
      const show = bought.getByRole("link", { name: "Show what AWS said" });
      await expect(async () => {
        if (await show.isVisible()) await show.click();
        await expect(bought).toContainText("5,000 GB", { timeout: 500 });
      }).toPass();
    },
    answers: async (answers: Answers) => {
      await expect(page.getByRole("heading", { name: "Set up your account" })).toBeVisible();
      await page.getByLabel("Work e-mail").fill(answers.email);
      await page.getByLabel("Your name").fill(answers.name);
      await page.getByLabel("Company").fill(answers.company);
      await page.getByLabel(/I accept the terms/).check();
    },
    finishesSetUp: () => page.getByRole("button", { name: "Finish set-up" }).click(),
    /** The part of the account page about one license. */
    license: (product = "Halyard Vector Search"): Locator => page.getByRole("region", { name: product }),
    /** The license number as that part names it, whole. */
    licenseArn: async (): Promise<string> =>
      (await page.getByTitle(/^arn:aws:license-manager:/).getAttribute("title")) ?? "",
  };
}

/** A company that nobody else in this run belongs to. */
export function newCompany(): Answers {
  const company = `Blue Heron ${randomBytes(3).toString("hex")}`;
  return { company, name: "Ada Marsh", email: `ada@${company.toLowerCase().replaceAll(" ", "-")}.example` };
}
