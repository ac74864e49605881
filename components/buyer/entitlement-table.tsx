import { dateText } from "#components/format/moment.ts";
import { LocalTime } from "#components/ui/local-time.tsx";
import type { LicenseWithEntitlements } from "#lib/licensing/shapes.ts";
import { entitlementText } from "./entitlement-words.ts";

/** What a license allows, one line per dimension. */
export function EntitlementTable({ license, entitlements }: LicenseWithEntitlements) {
  if (entitlements.length === 0) {
    return (
      <p className="none">
        {license.asOf === null
          ? "What this license allows has not been read from AWS yet. Press Refresh to ask now."
          : "AWS lists no fixed amounts for this license: you pay for what you use."}
      </p>
    );
  }
  return (
    <table className="table ents">
      <thead>
        <tr>
          <th>Entitlement</th>
          <th className="num">Allowed</th>
          <th className="num un">Expires</th>
        </tr>
      </thead>
      <tbody>
        {entitlements.map((entitlement) => (
          <tr key={entitlement.dimension}>
            <td className="trunc">
              <b>{entitlement.name}</b>
              {entitlement.name !== entitlement.dimension && (
                <span className="mono faint">{entitlement.dimension}</span>
              )}
            </td>
            <td className="num">{entitlementText(entitlement)}</td>
            <td className="num faint un">
              {entitlement.expiresAt && (
                <LocalTime at={entitlement.expiresAt} utc={dateText(entitlement.expiresAt)} form="date" />
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
