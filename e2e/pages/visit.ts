import type { Page } from "@playwright/test";
import type { Buyer } from "../actors/buyer.ts";
import type { Portal } from "../actors/portal.ts";
import type { Sandbox } from "../actors/sandbox.ts";
import type { Seller } from "../actors/seller.ts";
import type { World } from "../world/world.ts";

export type Cast = { world: World; buyer: Buyer; seller: Seller; portal: Portal; sandbox: Sandbox };

/** A page in one of its states, and how somebody gets there. */
export type Visit = {
  /** Its address as the build lists it; the sandbox's pages and /register stand in no list: their path. */
  route: string;
  state: string;
  /** Opens it and answers with the page it stands on. */
  open: (cast: Cast) => Promise<Page>;
  /** Puts back what it changed for everybody. */
  leave?: (cast: Cast) => Promise<void>;
};

/** Opens an address of the portal without being anybody. */
export async function at({ seller, world }: Cast, path: string): Promise<Page> {
  await seller.page.goto(`${world.portal}${path}`);
  return seller.page;
}

/** Opens an address of the portal as an admin. */
export async function signedIn(cast: Cast, path: string): Promise<Page> {
  await cast.seller.signsIn();
  return at(cast, path);
}
