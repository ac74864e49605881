import { type BrowserContext, test as base, type Request } from "@playwright/test";
import { type Buyer, buyerOf } from "./actors/buyer.ts";
import { type Portal, portalOf } from "./actors/portal.ts";
import { type Sandbox, sandboxOf } from "./actors/sandbox.ts";
import { type Seller, sellerOf } from "./actors/seller.ts";
import { rememberSecret } from "./world/secrets.ts";
import { currentWorld, type World } from "./world/world.ts";

export { expect } from "@playwright/test";

type Cast = {
  world: World;
  sandbox: Sandbox;
  portal: Portal;
  /** Each has a browser of their own. */
  buyer: Buyer;
  seller: Seller;
};

/** A test with everybody who plays in the stories. */
export const test = base.extend<Cast>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads a fixture's needs from this pattern.
  world: async ({}, use) => use(currentWorld()),
  sandbox: async ({ world }, use) => {
    const sandbox = sandboxOf(world);
    await use(sandbox);
    await sandbox.behaves(); // whatever a story made AWS do wrong ends with it
  },
  portal: async ({ world, sandbox }, use) => use(portalOf(world, sandbox)),
  context: async ({ context, world }, use) => {
    noteTokens(context, world);
    await use(context);
  },
  buyer: async ({ page, world }, use) => use(buyerOf(page, world)),
  seller: async ({ browser, contextOptions, world }, use) => {
    const context = await browser.newContext(contextOptions);
    await use(sellerOf(await context.newPage(), world));
    await context.close();
  },
});

/** Notes every registration token this browser sends, for the search in the logs. */
export function noteTokens(context: BrowserContext, world: World): void {
  context.on("request", (request: Request) => {
    if (request.method() !== "POST" || new URL(request.url()).pathname !== "/register") return;
    const value = new URLSearchParams(request.postData() ?? "").get("x-amzn-marketplace-token");
    if (value) rememberSecret(world, { what: "registration token", value });
  });
}
