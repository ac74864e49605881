import { setTimeout as passes } from "node:timers/promises";
import { PurchaseCard } from "#components/buyer/purchase-card.tsx";
import { LiveRefresh } from "#components/ui/live-refresh.tsx";
import type { OnboardingView } from "#lib/registration/shapes.ts";
import { getOnboarding } from "#lib/registration/views.ts";

/** AWS is asked right after the registration, and answers within half a second as a rule. */
const PATIENCE_MS = 2000;
const GLANCE_MS = 100;

type Bought = {
  onboarding: OnboardingView;
  /** The names of what is billed by use. */
  byUse: string[];
};

/** What was bought: waits a moment for AWS's first answer, so that nobody sees the moment before it. */
export async function Purchase({ onboarding, byUse }: Bought) {
  const { license, entitlements } = await withEntitlements(onboarding);
  const card = { license, entitlements, byUse };
  if (license.asOf !== null) return <PurchaseCard {...card} />;
  return (
    <PurchaseCard {...card}>
      AWS has not said yet. It will stand in your account.
      <LiveRefresh everySeconds={2} />
    </PurchaseCard>
  );
}

/** The card until AWS answers. Where scripts do not run it stays, with the way to a whole one. */
export function PurchaseSoon({ onboarding: { license, entitlements }, byUse }: Bought) {
  return (
    <PurchaseCard license={license} entitlements={entitlements} byUse={byUse}>
      <span role="status">Asking AWS…</span>
      <noscript>
        {" "}
        <a href="/onboarding">Show what AWS said</a>
      </noscript>
    </PurchaseCard>
  );
}

async function withEntitlements(first: OnboardingView): Promise<OnboardingView> {
  let latest = first;
  for (let waited = 0; latest.license.asOf === null && waited < PATIENCE_MS; waited += GLANCE_MS) {
    await passes(GLANCE_MS);
    latest = (await getOnboarding(first.registrationId)) ?? latest;
  }
  return latest;
}
