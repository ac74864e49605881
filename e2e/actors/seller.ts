import { expect, type Locator, type Page } from "@playwright/test";
import { rememberSecret } from "../world/secrets.ts";
import type { World } from "../world/world.ts";
import { type Hand, mouse } from "./hand.ts";
import { type Ran, runInShell } from "./shell.ts";

/** Somebody on the seller's team, with a browser of their own. */
export type Seller = ReturnType<typeof sellerOf>;

export function sellerOf(page: Page, world: World, { presses, writes }: Hand = mouse) {
  const sendUsage = page.getByRole("region", { name: "Send usage" });
  const button = (name: string | RegExp) =>
    page.getByRole("button", { name, exact: typeof name === "string" });
  const row = (buyer: string): Locator => page.getByRole("row").filter({ hasText: buyer });
  return {
    page,
    signsIn: async (as = world.admin) => {
      await page.goto(`${world.portal}/sign-in`);
      await writes(page.getByLabel("E-mail"), as.email);
      await writes(page.getByLabel("Password"), as.password);
      await presses(button("Sign in"));
      await expect(page).toHaveURL(`${world.portal}/admin`);
    },
    /** Follows a link of the side bar. */
    opens: async (room: "Overview" | "Records" | "Unsealed units") => {
      const menu = page.getByRole("navigation", { name: "Main" });
      await presses(menu.getByRole("link", { name: room }));
      await expect(page.getByRole("navigation", { name: "Where you are" })).toContainText(room);
    },
    opensSendUsage: () => presses(page.getByRole("main").getByRole("link", { name: "Send usage" })),
    /** Makes a key on the records page; from then on the command shows it. */
    createsKey: async () => {
      await presses(sendUsage.getByRole("button", { name: "Create a key" }));
      await expect(sendUsage).toContainText("not shown again");
      const [key] = /mpk_[\w-]+/.exec(await sendUsage.locator("pre").innerText()) ?? [];
      if (!key) throw new Error("the command shows no key");
      rememberSecret(world, { what: "API key", value: key });
    },
    /** Pastes the command, exactly as it stands on the page, into a shell. */
    sendsShownCommand: async (): Promise<Ran> =>
      runInShell(
        (await sendUsage.locator("pre").innerText()).replace(/^curl /, "curl --silent --show-error "),
      ),
    /** Moves the sandbox's clock with the button above every page. */
    endsThisHour: async () => {
      await presses(button("To the end of this hour"));
      await expect(page.getByRole("region", { name: "Sandbox" }).getByRole("status")).toContainText(
        "The hour is closed",
      );
    },
    /** The rows of the records list that name a buyer, newest hour first. */
    row,
    opensRecord: async (buyer: string) => {
      await presses(row(buyer).first().getByRole("link"));
      await expect(page).toHaveURL(/\/records\/[0-9a-f-]{36}$/);
    },
    retries: () => presses(button("Retry")),
    holds: () => presses(button("Hold")),
    releases: () => presses(button("Release")),
    /** On a record's page: opens the step that writes it off. */
    asksToWriteOff: () => presses(page.getByRole("link", { name: "Write off…" })),
    writesOff: async (reason: string) => {
      await writes(page.getByLabel("Why"), reason);
      await presses(button("Write off for ever"));
    },
    /** On the list: ticks a buyer's newest record. */
    ticks: (buyer: string) => row(buyer).first().getByRole("checkbox").check(),
    /** On the list: chooses all that match its filter. */
    choosesAll: () => page.getByRole("checkbox", { name: /^(All|The only one) .*match/ }).check(),
    /** On the page of a record to be confirmed: says that AWS did not bill it, or confirms that somebody said so. */
    saysNotBilled: async (reason: string) => {
      await presses(page.getByRole("link", { name: /^(AWS did not bill it|Confirm)…$/ }));
      await writes(page.getByLabel("What you looked at"), reason);
      await presses(button(/^(AWS did not bill it|Confirm: not billed)$/));
    },
    /** There: takes back what was said while it waits for a second person. */
    takesItBack: async () => {
      await presses(page.getByRole("link", { name: "Done" }));
      await presses(button("Take it back"));
    },
    /** There: says that AWS billed it, by its receipt. */
    saysBilled: async (receipt: string, reason: string) => {
      await presses(page.getByRole("link", { name: "AWS billed it…" }));
      await writes(page.getByLabel("AWS’s receipt"), receipt);
      await writes(page.getByLabel("Where you found it"), reason);
      await presses(button("AWS billed it"));
    },
    /** On the page of unsealed units: opens the one place where a buyer's wait. */
    findsUnsealed: async (account: string) => {
      await writes(page.getByLabel("License or AWS account"), account);
      await presses(button("Find"));
      await expect(page).toHaveURL(/of=/);
      await presses(row(account).getByRole("link"));
      await expect(page).toHaveURL(/\/unsealed\/\d+$/);
    },
    /** On the page of a refused record, or of unsealed units: asks to move them to another license and dimension of the buyer. */
    asksToMoveTo: async (licenseArn: string, dimension: string) => {
      await presses(page.getByRole("link", { name: "Move…" }));
      const license = page.getByLabel("License", { exact: true });
      const option = license.locator("option", { hasText: licenseArn.slice(-4) });
      await license.selectOption((await option.getAttribute("value")) ?? "");
      await page.getByLabel("Dimension", { exact: true }).selectOption(dimension);
      await presses(button("Show what will happen"));
    },
    moves: async (reason: string) => {
      await writes(page.getByLabel("Why"), reason);
      await presses(button(/^Move [\d.]+ units$/));
    },
    /** On the page of the cut-over: says from which hour on a buyer would be told in license style. */
    asksToCutOver: async (licenseArn: string) => {
      await writes(page.getByLabel("ARN of the license"), licenseArn);
      await page.getByLabel(/AWS has switched this product/).check();
      await presses(button("Show from which hour on"));
    },
    /** On the page of products: lets another program meter one of them, or this portal again. */
    turnsShadow: async (name: string, turn: "Start" | "End") => {
      const who = turn === "Start" ? "Another program" : "This portal";
      await presses(page.getByRole("link", { name: `${who} meters it… : ${name}` }));
      await presses(button(`${turn} the shadow`));
    },
    /** On the page of products: no call for one of them any more. */
    pausesProduct: async (name: string, reason: string) => {
      const product = page.getByRole("region", { name });
      await product.getByText("Pause…").click();
      await writes(product.getByLabel("Why"), reason);
      await presses(product.getByRole("button", { name: `Pause ${name}` }));
      await expect(product.getByRole("button", { name: `Resume ${name}` })).toBeVisible();
    },
    pauses: async (reason: string) => {
      await page.getByText("Pause sending…").click();
      await writes(page.getByLabel("Why"), reason);
      await presses(button("Pause sending"));
      await expect(page.getByText("Sending is paused.")).toBeVisible();
    },
    resumes: async () => {
      await presses(button("Resume sending"));
      await expect(page.getByText("Pause sending…")).toBeVisible();
    },
    /** Goes over to the sandbox's market. */
    visitsStorefront: async () => {
      await presses(page.getByRole("link", { name: "Open the storefront" }));
      await expect(page.getByRole("navigation", { name: "Sandbox" })).toBeVisible();
    },
    /** In the market: the next record is left for later. */
    leavesNextRecordForLater: async () => {
      const fault = page.getByRole("listitem").filter({ hasText: "Left for later" });
      await presses(fault.getByRole("button", { name: "More: Left for later" }));
      await expect(fault).toContainText("next 1");
    },
    /** In the market: opens one of its tabs. */
    looksAt: async (tab: "Agreements" | "Calls" | "Events" | "Ledger") => {
      await presses(page.getByRole("navigation", { name: "Sandbox" }).getByRole("link", { name: tab }));
      await expect(page).toHaveURL(`${world.market}/${tab.toLowerCase()}`);
    },
    returnsToPortal: async () => {
      await presses(page.getByRole("link", { name: "To the portal" }));
      await expect(page.getByRole("navigation", { name: "Where you are" })).toBeVisible();
    },
  };
}
