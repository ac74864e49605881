import type { Metadata } from "next";
import { PlainWords, Words } from "#components/buyer/plain-words.tsx";

export const metadata: Metadata = { title: { absolute: "Terms" } };

/** The portal makes no contract of its own: the offer in AWS Marketplace is one already. */
export default function TermsPage() {
  return (
    <PlainWords
      here="terms"
      title="The terms are those of your offer"
      lead="You accepted them in AWS Marketplace when you subscribed. Setting up your account here adds none."
    >
      <Words about="Where to read them">
        <p>
          Open <b>AWS Marketplace</b>, choose <b>Manage subscriptions</b>, then the product. Its agreement
          names the price, the length and the seller’s license terms.
        </p>
      </Words>
      <Words about="Who bills">
        <p>
          AWS, on your AWS invoice. What you use beyond what you bought is told to AWS every hour, and your
          account page shows the sums.
        </p>
      </Words>
      <Words about="How to end it">
        <p>
          In AWS Marketplace, under <b>Manage subscriptions</b>. What you used until then is still billed;
          nothing after it is.
        </p>
      </Words>
    </PlainWords>
  );
}
