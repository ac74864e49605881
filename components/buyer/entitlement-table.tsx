import { dateText } from "#components/format/moment.ts";
import { quantityText } from "#components/format/quantity.ts";
import { LocalTime } from "#components/ui/local-time.tsx";
import { entitlementText } from "./entitlement-words.ts";
import type { LicenseLine } from "./usage-lines.ts";

/** What a license allows and what of it was used this month, one line per dimension. */
export function EntitlementTable({ lines, neverRead }: { lines: LicenseLine[]; neverRead: boolean }) {
  if (neverRead) {
    return (
      <p className="none">
        What this license allows has not been read from AWS yet. Press Refresh to ask now.
      </p>
    );
  }
  if (lines.length === 0) {
    return <p className="none">AWS lists no fixed amounts for this license: you pay for what you use.</p>;
  }
  return (
    <table className="table ents">
      <thead>
        <tr>
          <th>Entitlement</th>
          <th className="num">Used</th>
          <th className="num">Of</th>
          <th className="mt">Share</th>
          <th className="num un">Expires</th>
        </tr>
      </thead>
      <tbody>
        {lines.map((line) => (
          <Line key={line.dimension} line={line} />
        ))}
      </tbody>
    </table>
  );
}

function Line({ line: { dimension, name, entitlement, used, share } }: { line: LicenseLine }) {
  return (
    <tr>
      <td className="trunc">
        <b>{name}</b>
        {name !== dimension && <span className="mono faint">{dimension}</span>}
      </td>
      <td className={used === null ? "num faint us" : "num us"}>
        {used === null ? "not counted" : quantityText(used)}
        {used !== null && !entitlement && <span className="of-w">, </span>}
      </td>
      <td className="num of">
        {used !== null && entitlement && <span className="of-w"> of </span>}
        {entitlement ? entitlementText(entitlement) : "pay as you go"}
      </td>
      <td className="mt">
        {share !== null ? (
          <>
            <i style={{ "--w": `${Math.min(100, share)}%` }} aria-hidden="true" />
            <span className="sr">{share} %</span>
          </>
        ) : (
          used !== null && <span className="faint">by the unit</span>
        )}
      </td>
      <td className="num faint un">
        {entitlement?.expiresAt && (
          <LocalTime at={entitlement.expiresAt} utc={dateText(entitlement.expiresAt)} form="date" />
        )}
      </td>
    </tr>
  );
}
