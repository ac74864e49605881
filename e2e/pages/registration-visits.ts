import { expect, type Page } from "@playwright/test";
import type { Buyer } from "../actors/buyer.ts";
import { at, type Visit } from "./visit.ts";

/** What stands at the fulfilment URL when a registration does not work. */
export const REGISTRATION_VISITS: Visit[] = [
  { route: "/register", state: "opened by hand", open: (cast) => at(cast, "/register") },
  { route: "/register", state: "no token", open: ({ buyer }) => arrived(buyer, undefined, 400) },
  {
    route: "/register",
    state: "an unknown token",
    open: ({ buyer }) => arrived(buyer, "no/such+token=", 400),
  },
  {
    route: "/register",
    state: "an expired token",
    open: async ({ buyer, portal, sandbox }) => {
      const { registrationToken } = await sandbox.sells();
      await portal.movesClock({ advanceSeconds: 5 * 3600 });
      return arrived(buyer, registrationToken, 410);
    },
  },
  {
    route: "/register",
    state: "AWS does not answer",
    open: async ({ buyer, sandbox }) => {
      const { registrationToken } = await sandbox.sells();
      await sandbox.misbehaves({ error500: 1 });
      return arrived(buyer, registrationToken, 503);
    },
  },
  {
    route: "/register",
    state: "AWS refuses our credentials",
    open: async ({ buyer, sandbox }) => {
      const { registrationToken } = await sandbox.sells();
      await sandbox.misbehaves({ denied: 1 });
      return arrived(buyer, registrationToken, 503);
    },
  },
];

async function arrived(buyer: Buyer, token: string | undefined, status: number): Promise<Page> {
  expect((await buyer.comesWithToken(token)).status()).toBe(status);
  return buyer.page;
}
