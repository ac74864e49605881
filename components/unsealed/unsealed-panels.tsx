import Link from "next/link";
import { countText, quantityText } from "#components/format/quantity.ts";
import { Fact } from "#components/record/record-facts.tsx";
import { TagSetTable } from "#components/record/tag-set-table.tsx";
import { recordsHref } from "#components/records/record-address.ts";
import { LicenseId } from "#components/records/record-row.tsx";
import type { UnsealedDetail } from "#lib/metering/ledger/unsealed-views.ts";

/** What waits, whose it is, and how much of it AWS could be told. */
export function UnsealedFacts({ units, buyer }: { units: UnsealedDetail; buyer: string }) {
  return (
    <dl className="panel strip">
      <Fact name="Quantity">
        {quantityText(units.quantity)} <span className="faint mono">{units.dimension}</span>
      </Fact>
      <Fact name="Buyer">{buyer}</Fact>
      <Fact name="License">
        <LicenseId arn={units.licenseArn} id={units.licenseId} />
      </Fact>
      <Fact name="Whole units">{quantityText(units.whole)}</Fact>
      <Fact name="Tag sets">{quantityText(String(units.tagSets))}</Fact>
    </dl>
  );
}

/** The tag sets that hold most, the smaller ones in one line: together they are what waits. */
export function UnsealedTagSets({ units }: { units: UnsealedDetail }) {
  const { largest, others, tagSets, quantity, licenseId, dimension } = units;
  const smaller = tagSets - largest.length;
  return (
    <section className="panel" aria-labelledby="tag-sets">
      <div className="panel-head">
        <h2 id="tag-sets">By tag set</h2>
        <Link className="more" href={recordsHref({ licenseId, dimension })}>
          Records<span className="sr"> of this license and dimension</span>
        </Link>
      </div>
      {largest.length === 0 ? (
        <p className="panel-rest">
          Nothing is left here. What an hour took along stands in the records; what was moved is where it
          went.
        </p>
      ) : (
        <TagSetTable
          head={["Tags", "Unsealed"]}
          rows={largest}
          others={smaller > 0 ? { name: countText(smaller, "smaller tag set"), quantity: others } : undefined}
          quantity={quantity}
        />
      )}
    </section>
  );
}
