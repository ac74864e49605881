import Link from "next/link";
import { alike, countText, quantityText } from "#components/format/quantity.ts";
import { buyerName, LicenseId } from "#components/records/record-row.tsx";
import { PageTurns } from "#components/ui/page-turns.tsx";
import type { UnsealedView } from "#lib/metering/ledger/unsealed-views.ts";
import { waitsFor } from "./unsealed-words.ts";

const ROOM = "/admin/metering/unsealed";

/** Where units wait unsealed, newest series first; each leads to its tag sets and to moving them. */
export function UnsealedTable({
  series,
  buyers,
  older,
  newest,
}: {
  series: UnsealedView[];
  /** Company names by license. */
  buyers: ReadonlyMap<string, string>;
  /** The address of the next page; null on the last. */
  older: string | null;
  /** The address of the first page; null on it. */
  newest: string | null;
}) {
  const figures = alike(...series.map(({ quantity }) => quantity));
  return (
    <section className="panel" aria-label="Unsealed units">
      <table className="table records unsealed">
        <thead>
          <tr>
            <th className="r-b">Buyer</th>
            <th className="r-l">License</th>
            <th className="r-d">Dimension</th>
            <th className="num r-q">Quantity</th>
            <th className="num r-t">Tag sets</th>
            <th className="r-n">Waits for</th>
          </tr>
        </thead>
        <tbody>
          {series.map((units, at) => (
            <tr key={units.seriesId}>
              <td className="r-b">
                <Link className="link-quiet" href={`${ROOM}/${units.seriesId}`} prefetch={false}>
                  <span className="trunc">
                    {buyers.get(units.licenseId) ?? buyerName(units.customerAwsAccountId)}
                  </span>
                  <span className="sr">, {units.dimension}</span>
                </Link>
              </td>
              <td className="r-l">
                <LicenseId arn={units.licenseArn} id={units.licenseId} />
              </td>
              <td className="r-d mono">{units.dimension}</td>
              <td className="r-q num">{quantityText(figures[at] ?? units.quantity)}</td>
              <td className="r-t num">
                {quantityText(String(units.tagSets))}
                <span className="unit"> {units.tagSets === 1 ? "tag set" : "tag sets"}</span>
              </td>
              <td className="r-n trunc muted">{waitsFor(units)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <div className="foot">
        <span>{countText(series.length, "place")} on this page</span>
        <PageTurns older={older} newest={newest} />
      </div>
    </section>
  );
}
