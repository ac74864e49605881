import type { Metadata } from "next";
import { BuyerFrame } from "#components/buyer/buyer-frame.tsx";
import { LicenseCard } from "#components/buyer/license-card.tsx";
import { awsAccountText } from "#components/format/identifier.ts";
import { countText } from "#components/format/quantity.ts";
import { listLicensesOfCompany } from "#lib/licensing/views.ts";
import { signOut } from "../../session-actions.ts";
import { requireBuyer } from "../../signed-in.ts";
import { refreshLicense } from "./actions.ts";

export const dynamic = "force-dynamic";
export const metadata: Metadata = { title: { absolute: "Your account" } };

export default async function AccountPage() {
  const buyer = await requireBuyer();
  const licenses = await listLicensesOfCompany(buyer.companyId);
  const products = new Set(licenses.map(({ license }) => license.productName ?? ""));
  const [product] = products;
  const accounts = [...new Set(licenses.flatMap(({ license }) => license.customerAwsAccountId ?? []))];
  return (
    <BuyerFrame
      brand={products.size === 1 && product ? product : "Your account"}
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
          entitlements={entitlements}
          refresh={refreshLicense}
        />
      ))}
    </BuyerFrame>
  );
}
