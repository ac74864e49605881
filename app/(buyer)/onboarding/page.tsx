import { DoorOpen, Hourglass } from "lucide-react";
import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { Suspense } from "react";
import { AwsSteps } from "#components/buyer/aws-steps.tsx";
import { BuyerFrame } from "#components/buyer/buyer-frame.tsx";
import { OnboardingForm } from "#components/buyer/onboarding-form.tsx";
import { marketplaceAddress } from "#components/marketplace-address.ts";
import { LiveRefresh } from "#components/ui/live-refresh.tsx";
import { findProduct } from "#lib/catalog/views.ts";
import { env } from "#lib/env.ts";
import { getOnboarding } from "#lib/registration/views.ts";
import { readOnboarding } from "../../signed-in.ts";
import { complete } from "./actions.ts";
import { Purchase, PurchaseSoon } from "./purchase.tsx";

export const dynamic = "force-dynamic";
export const metadata: Metadata = { title: { absolute: "Set up your account" } };

export default async function OnboardingPage() {
  const registrationId = await readOnboarding();
  const onboarding = registrationId === null ? null : await getOnboarding(registrationId);
  if (onboarding === null) return <NothingOpen />;
  const { license, completed } = onboarding;
  if (completed) redirect("/account");
  const brand = license.productName ?? "AWS Marketplace set-up";
  if (license.state === "pending") return <StillConfirming brand={brand} />;
  const product = await findProduct(license.productCode);
  const byUse = (product?.dimensions ?? []).flatMap(({ type, name }) => (type === "metered" ? [name] : []));
  const bought = { onboarding, byUse };
  return (
    <BuyerFrame brand={brand} home="/onboarding" className="ob">
      <div>
        <h1 className="b-h">Set up your account</h1>
        <p className="b-lead">
          Your AWS Marketplace subscription is confirmed. Three answers, and you are in.
        </p>
        <OnboardingForm complete={complete} />
      </div>
      {license.asOf === null ? (
        <Suspense fallback={<PurchaseSoon {...bought} />}>
          <Purchase {...bought} />
        </Suspense>
      ) : (
        <Purchase {...bought} />
      )}
    </BuyerFrame>
  );
}

/** Nobody came from AWS in this browser, or too long ago. */
function NothingOpen() {
  return (
    <BuyerFrame brand="AWS Marketplace set-up" home="/onboarding" className="ex">
      <span className="ex-i">
        <DoorOpen className="i" />
      </span>
      <h1 className="b-h">Start from AWS Marketplace</h1>
      <p className="b-lead">
        Your set-up opens from AWS, in the browser you came with. If you have subscribed, your subscription is
        safe and already yours: please do not subscribe again.
      </p>
      <AwsSteps title="Open your set-up, about one minute" marketplace={marketplaceAddress(env())} />
    </BuyerFrame>
  );
}

/** License Updated has not come yet. The page looks again by itself, also where scripts do not run. */
function StillConfirming({ brand }: { brand: string }) {
  return (
    <BuyerFrame brand={brand} home="/onboarding" className="ex">
      <noscript>
        <meta httpEquiv="refresh" content="5" />
      </noscript>
      <LiveRefresh everySeconds={2} />
      <span className="ex-i">
        <Hourglass className="i" />
      </span>
      <h1 className="b-h">AWS is still confirming</h1>
      <p className="b-lead" role="status">
        Your purchase has arrived here. AWS confirms it within a minute as a rule; this page then goes on by
        itself.
      </p>
      <div className="card">
        <h2>You may close this page</h2>
        <p>
          Nothing is lost. Come back to this address within a week, or press <b>Set up your account</b> in AWS
          Marketplace again. Please do not subscribe again.
        </p>
      </div>
    </BuyerFrame>
  );
}
