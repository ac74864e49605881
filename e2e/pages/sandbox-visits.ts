import type { Visit } from "./visit.ts";

const market = (path: string, state: string): Visit => ({
  route: path,
  state,
  open: async ({ buyer, world }) => {
    await buyer.page.goto(`${world.market}${path}`);
    return buyer.page;
  },
});

/** Every page of the sandbox. */
export const SANDBOX_VISITS: Visit[] = [
  market("/", "nothing on the counter"),
  {
    route: "/",
    state: "something bought, bad weather",
    open: async ({ buyer, sandbox }) => {
      await sandbox.misbehaves({ throttle: 0.25, unprocessed: { next: 2 } });
      await buyer.subscribes();
      return buyer.page;
    },
  },
  market("/agreements", "some"),
  market("/calls", "some"),
  market("/events", "some"),
  market("/ledger", "some"),
  market("/no-such-stall", "nothing there"),
];
