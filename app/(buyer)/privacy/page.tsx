import type { Metadata } from "next";
import { PlainWords, Words } from "#components/buyer/plain-words.tsx";

export const metadata: Metadata = { title: { absolute: "Privacy" } };

/** What the portal stores of a buyer; lib/registration and lib/accounts hold no more than this. */
export default function PrivacyPage() {
  return (
    <PlainWords
      here="privacy"
      title="What this portal keeps about you"
      lead="As little as billing through AWS Marketplace needs. The seller’s own privacy notice speaks about the product itself."
    >
      <Words about="What you write at set-up">
        <p>
          Your work e-mail, your name and your company’s name: to let you in, and so that the seller knows who
          their customers are.
        </p>
      </Words>
      <Words about="What AWS tells">
        <p>
          Your AWS account number, your licenses with what they allow, and what happens to them. That is how
          AWS knows whom to bill.
        </p>
      </Words>
      <Words about="What you use">
        <p>
          Amounts per hour, sent by the seller’s product. The portal passes the sums on to AWS with your AWS
          account and license; it does not send AWS your name or your e-mail.
        </p>
      </Words>
      <Words about="Cookies">
        <p>
          One for your set-up, for a week, and one while you are signed in, for twelve hours. There are no
          others, and nothing here follows you.
        </p>
      </Words>
      <Words about="What it never holds">
        <p>
          Cards, bank details, AWS passwords or keys. The token that AWS sends along when you set up your
          account is used once and not kept.
        </p>
      </Words>
    </PlainWords>
  );
}
