/** Where AWS lists what an account has bought. */
const MANAGE_SUBSCRIPTIONS = "https://console.aws.amazon.com/marketplace/home#/subscriptions";

/** Where a buyer presses Set up your account; in a sandbox its storefront, or null when its address is not known. */
export function marketplaceAddress(env: {
  PORTAL_MODE: "sandbox" | "live";
  SANDBOX_URL?: string | undefined;
}): string | null {
  return env.PORTAL_MODE === "live" ? MANAGE_SUBSCRIPTIONS : (env.SANDBOX_URL ?? null);
}
