import { Package } from "lucide-react";
import { awsAccountText } from "#components/format/identifier.ts";
import { dateText } from "#components/format/moment.ts";
import { LocalTime } from "#components/ui/local-time.tsx";
import type { EntitlementView, LicenseView } from "#lib/licensing/shapes.ts";
import { entitlementText, PRICING_WORDS } from "./entitlement-words.ts";

/** What was bought, as far as AWS has told, and what happens next. */
export function PurchaseCard({
  license,
  entitlements,
}: {
  license: LicenseView;
  entitlements: EntitlementView[];
}) {
  const until = license.endsAt ?? entitlements.find(({ expiresAt }) => expiresAt !== null)?.expiresAt ?? null;
  return (
    <aside className="bought" aria-labelledby="bought">
      <h2 id="bought">What you bought</h2>
      <div className="prod">
        <span>
          <Package className="i" />
        </span>
        <div>
          <b>{license.productName ?? "A product from AWS Marketplace"}</b>
          <span className="muted">
            {PRICING_WORDS[license.pricingModel ?? ""] ?? "AWS Marketplace subscription"}
          </span>
        </div>
      </div>
      <dl className="kv">
        {entitlements.map((entitlement) => (
          <Row key={entitlement.dimension} name={entitlement.name}>
            {entitlementText(entitlement)}
          </Row>
        ))}
        {until !== null && (
          <Row name="Runs until">
            <LocalTime at={until} utc={dateText(until)} form="date" />
          </Row>
        )}
        {license.customerAwsAccountId && (
          <Row name="AWS account">
            <span className="mono">{awsAccountText(license.customerAwsAccountId)}</span>
          </Row>
        )}
      </dl>
      <h3>What happens next</h3>
      <ol className="nx">
        <li>
          <b>Now</b>
          <span>Your account opens with what you bought.</span>
        </li>
        <li>
          <b>Every hour</b>
          <span>Your usage is told to AWS, and AWS bills it.</span>
        </li>
      </ol>
    </aside>
  );
}

function Row({ name, children }: { name: string; children: React.ReactNode }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </>
  );
}
