import type { Metadata } from "next";
import { BuyerFrame } from "#components/buyer/buyer-frame.tsx";
import { LicenseCard } from "#components/buyer/license-card.tsx";
import { MonthPanel } from "#components/buyer/month-panel.tsx";
import { licenseLines, monthLines } from "#components/buyer/usage-lines.ts";
import { awsAccountText } from "#components/format/identifier.ts";
import { monthText } from "#components/format/moment.ts";
import { countText } from "#components/format/quantity.ts";
import { findProduct } from "#lib/catalog/views.ts";
import { businessNow } from "#lib/database/clock.ts";
import { listLicensesOfCompany } from "#lib/licensing/views.ts";
import { readMonthUsage } from "#lib/metering/ledger/usage-views.ts";
import { signOut } from "../../session-actions.ts";
import { requireBuyer } from "../../signed-in.ts";
import { refreshLicense } from "./actions.ts";

export const dynamic = "force-dynamic";
export const metadata: Metadata = { title: { absolute: "Your account" } };

export default async function AccountPage() {
  const buyer = await requireBuyer();
  const licenses = await listLicensesOfCompany(buyer.companyId);
  const held = licenses.map(({ license }) => license);
  const [usage, catalog] = await Promise.all([
    readMonthUsage(
      held.map(({ id }) => id),
      await businessNow(),
    ),
    Promise.all([...new Set(held.map(({ productCode }) => productCode))].map(findProduct)),
  ]);
  const products = catalog.filter((product) => product !== null);
  const months = monthLines(usage, held, products);
  const names = new Set(held.map(({ productName }) => productName ?? ""));
  const [name] = names;
  const accounts = [...new Set(licenses.flatMap(({ license }) => license.customerAwsAccountId ?? []))];
  return (
    <BuyerFrame
      brand={names.size === 1 && name ? name : "Your account"}
      home="/account"
      person={{ name: buyer.name, signOut }}
      className="ac"
    >
      <div className="ac-h">
        <h1 className="b-h">{buyer.companyName}</h1>
        <p className="b-lead">
          {countText(licenses.length, "license")}, billed by AWS
          {accounts.length > 0 && (
            <>
              {" "}
              to account <span className="mono nowrap">{accounts.map(awsAccountText).join(", ")}</span>
            </>
          )}
          .
        </p>
      </div>
      {licenses.map(({ license, entitlements }) => (
        <LicenseCard
          key={license.id}
          license={license}
          lines={licenseLines(
            entitlements,
            products.find(({ productCode }) => productCode === license.productCode)?.dimensions ?? [],
            usage.days.filter(({ licenseId }) => licenseId === license.id),
          )}
          month={monthText(usage.first)}
          refresh={refreshLicense}
        />
      ))}
      {months.length > 0 && <MonthPanel lines={months} first={usage.first} csv="/account/usage.csv" />}
    </BuyerFrame>
  );
}
