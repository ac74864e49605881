import { ArrowRight } from "lucide-react";
import Link from "next/link";
import { quantityText } from "#components/format/quantity.ts";
import type { LegacyBuyer } from "#lib/metering/closing/cut-over-views.ts";
import { blockedBy, cutOverHref, legacyBuyerName, standsBefore } from "./cut-over-words.ts";

/** Who is told in legacy style, what stands before each cut-over, and the way to it. */
export function CutOverList({ buyers, all }: { buyers: LegacyBuyer[]; all: boolean }) {
  return (
    <section className="panel" aria-labelledby="legacy">
      <div className="panel-head">
        <h2 id="legacy">Told in legacy style</h2>
        <span className="count">
          {all ? "" : `the first ${quantityText(String(buyers.length))}, `}fewest records on the way first
        </span>
      </div>
      <table className="table cut-overs">
        <thead>
          <tr>
            <th>Buyer</th>
            <th>Product</th>
            <th>What stands before it</th>
            <th>
              <span className="sr">Cut-over</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {buyers.map((buyer) => {
            const stands = standsBefore(buyer);
            return (
              <tr key={`${buyer.productCode} ${buyer.buyerId}`}>
                <td className="trunc">
                  <b>{legacyBuyerName(buyer)}</b>
                </td>
                <td className="trunc muted">{buyer.productName ?? buyer.productCode}</td>
                <td className={blockedBy(buyer) ? undefined : "muted"}>
                  {stands.length === 0 ? "Nothing: ready" : stands.join(", ").replace(/^./, upper)}
                </td>
                <td>
                  <Link className="btn btn-second" href={cutOverHref(buyer)}>
                    Cut over…
                    <span className="sr">: {legacyBuyerName(buyer)}</span>
                    <ArrowRight className="i" />
                  </Link>
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </section>
  );
}

const upper = (letter: string) => letter.toUpperCase();
