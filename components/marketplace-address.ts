/** Where AWS lists what an account has bought. */
const MANAGE_SUBSCRIPTIONS = "https://console.aws.amazon.com/marketplace/home#/subscriptions";

/** Where a buyer presses Set up your account; in a sandbox its list of agreements, or null when its address is not known. */
export function marketplaceAddress(env: {
  PORTAL_MODE: "sandbox" | "live";
  SANDBOX_URL?: string | undefined;
}): string | null {
  if (env.PORTAL_MODE === "live") return MANAGE_SUBSCRIPTIONS;
  return env.SANDBOX_URL === undefined ? null : `${env.SANDBOX_URL}/agreements`;
}
