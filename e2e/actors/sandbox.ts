import { z } from "zod";
import { rememberSecret } from "../world/secrets.ts";
import type { World } from "../world/world.ts";

const Purchase = z.object({
  registrationToken: z.string(),
  licenseArn: z.string(),
  customerAwsAccountId: z.string(),
  customerIdentifier: z.string().optional(),
  productCode: z.string(),
});
export type Purchase = z.infer<typeof Purchase>;

const Ledger = z.object({
  items: z.array(
    z.object({
      licenseArn: z.string().nullish(),
      customerAwsAccountId: z.string(),
      dimension: z.string(),
      hour: z.string(),
      quantity: z.number(),
    }),
  ),
});

type FaultLevel = number | { next: number };
type Faults = Partial<
  Record<"throttle" | "error500" | "dropBefore" | "dropAfter" | "unprocessed" | "denied", FaultLevel>
>;

/** The stand-in for AWS, by its control doors. */
export type Sandbox = ReturnType<typeof sandboxOf>;

export function sandboxOf(world: World) {
  const ask = async (method: string, path: string, body?: object): Promise<unknown> => {
    const answer = await fetch(`${world.market}/_sandbox/${path}`, {
      method,
      headers: { "content-type": "application/json" },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    if (!answer.ok) throw new Error(`the sandbox answered ${answer.status} to ${method} ${path}`);
    return answer.json();
  };
  return {
    /** Somebody subscribes; `licenseAfterSeconds`: how long AWS takes to grant the license; legacy: a listing of the older style. */
    sells: async (
      wish: { licenseAfterSeconds?: number; integration?: "concurrent" | "legacy" } = {},
    ): Promise<Purchase> => {
      const bought = Purchase.parse(await ask("POST", "subscribe", wish));
      rememberSecret(world, { what: "registration token", value: bought.registrationToken });
      return bought;
    },
    /** The buyer cancels: the license ends now, and its usage can be billed for one more hour. */
    cancels: (licenseArn: string) => ask("POST", "cancel", { licenseArn }),
    /** AWS does something wrong from now on, or the next n times. */
    misbehaves: (faults: Faults) => ask("PUT", "faults", faults),
    /** How AWS answers where its own words leave it open. */
    switches: (set: { identicalResend: "success" | "duplicate" }) => ask("PUT", "switches", set),
    behaves: () =>
      ask("PUT", "faults", {
        throttle: 0,
        error500: 0,
        dropBefore: 0,
        dropAfter: 0,
        unprocessed: 0,
        denied: 0,
      }),
    /** What AWS would bill for a license, or an account, earliest hour first. */
    bills: async (whose: string): Promise<{ dimension: string; quantity: number }[]> => {
      const { items } = Ledger.parse(await ask("GET", "ledger"));
      return items
        .filter((item) => [item.licenseArn, item.customerAwsAccountId].includes(whose))
        .toSorted((one, other) => one.hour.localeCompare(other.hour))
        .map(({ dimension, quantity }) => ({ dimension, quantity }));
    },
  };
}
