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
      meteringRecordId: z.string(),
    }),
  ),
});

type FaultLevel = number | { next: number };
type Faults = Partial<
  Record<"throttle" | "error500" | "dropBefore" | "dropAfter" | "unprocessed" | "denied", FaultLevel>
>;

/** What somebody buys: the first product sold in this style, by an account that is made up, when nothing is said. */
export type Wish = {
  /** How long AWS takes to grant the license. */
  licenseAfterSeconds?: number;
  /** legacy: a listing of the older style. */
  integration?: "concurrent" | "legacy";
  productCode?: string;
  customerAwsAccountId?: string;
};

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
  const booked = async (whose: string) => {
    const { items } = Ledger.parse(await ask("GET", "ledger"));
    return items
      .filter((item) => [item.licenseArn, item.customerAwsAccountId].includes(whose))
      .toSorted((one, other) => one.hour.localeCompare(other.hour));
  };
  return {
    /** Somebody subscribes. */
    sells: async (wish: Wish = {}): Promise<Purchase> => {
      const bought = Purchase.parse(await ask("POST", "subscribe", wish));
      rememberSecret(world, { what: "registration token", value: bought.registrationToken });
      return bought;
    },
    /** The buyer cancels: the license ends now, and its usage can be billed for one more hour. */
    cancels: (licenseArn: string) => ask("POST", "cancel", { licenseArn }),
    /** AWS does something wrong from now on, or the next n times. */
    misbehaves: (faults: Faults) => ask("PUT", "faults", faults),
    /** How AWS answers where its own words leave it open. */
    switches: (
      set: Partial<{
        identicalResend: "success" | "duplicate";
        legacyLicenseArn: "present" | "absent";
        /** Accepted: AWS has switched the products of the older style over. */
        legacyByLicense: "refused" | "accepted";
      }>,
    ) => ask("PUT", "switches", set),
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
    bills: async (whose: string): Promise<{ dimension: string; quantity: number }[]> =>
      (await booked(whose)).map(({ dimension, quantity }) => ({ dimension, quantity })),
    /** AWS's receipts for a license, earliest hour first. */
    receipts: async (licenseArn: string): Promise<string[]> =>
      (await booked(licenseArn)).map(({ meteringRecordId }) => meteringRecordId),
  };
}
