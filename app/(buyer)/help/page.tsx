import type { Metadata } from "next";
import { AwsSteps } from "#components/buyer/aws-steps.tsx";
import { PlainWords, Words } from "#components/buyer/plain-words.tsx";
import { marketplaceAddress } from "#components/marketplace-address.ts";
import { env } from "#lib/env.ts";

export const dynamic = "force-dynamic";
export const metadata: Metadata = { title: { absolute: "Help" } };

/** Whose turn it is, for the questions buyers come with. */
export default function HelpPage() {
  return (
    <PlainWords
      here="help"
      title="How to get on"
      lead="Your subscription stays yours whatever happens here: please never subscribe a second time."
    >
      <AwsSteps
        title="The set-up link does not work, or its tab is gone"
        marketplace={marketplaceAddress(env())}
      />
      <Words about="An amount looks wrong">
        <p>
          Your account page shows what was reported to AWS, by day. If your AWS invoice says something else,
          write to the seller with the license number that stands there.
        </p>
      </Words>
      <Words about="How to reach the seller">
        <p>
          Their support address stands on the product’s page in AWS Marketplace, under <b>Support</b>. Say
          which AWS account you bought with.
        </p>
      </Words>
    </PlainWords>
  );
}
