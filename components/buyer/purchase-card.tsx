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
  byUse,
  children,
}: {
  license: LicenseView;
  entitlements: EntitlementView[];
  /** The names of what is billed by use. */
  byUse: string[];
  /** Why the amounts do not stand here yet; nothing once they do. */
  children?: React.ReactNode;
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
        {children && (
          <>
            <dt>Included</dt>
            <dd className="muted">{children}</dd>
          </>
        )}
        {until !== null && (
          <Row name="Runs until">
            <LocalTime at={until} utc={dateText(until)} form="date" />
          </Row>
        )}
        {byUse.map((name, at) => (
          <Row key={name} name={at === 0 ? "Billed by use" : ""}>
            {name}
          </Row>
        ))}
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
          <span>Usage goes to AWS; see it under your account.</span>
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
