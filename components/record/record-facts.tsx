import { hourText } from "#components/format/moment.ts";
import { quantityText } from "#components/format/quantity.ts";
import { buyerName } from "#components/records/record-row.tsx";
import { Identifier } from "#components/ui/identifier.tsx";
import { UtcTime } from "#components/ui/utc-time.tsx";
import type { RecordDetail } from "#lib/metering/shapes.ts";

/** What, when, who: the facts a person asks for first. */
export function RecordFacts({ record, buyer }: { record: RecordDetail; buyer: string | undefined }) {
  return (
    <dl className="panel strip">
      <Fact name="Quantity">
        {quantityText(record.quantity)} <span className="faint mono">{record.dimension}</span>
      </Fact>
      <Fact name="Hour">
        <UtcTime at={record.hour}>{hourText(record.hour)}</UtcTime> <span className="faint">UTC</span>
      </Fact>
      <Fact name="Buyer">{buyer ?? buyerName(record.customerAwsAccountId)}</Fact>
      <Fact name="Attempts">{record.attempts}</Fact>
      <Fact name="Receipt">
        {record.meteringRecordId === null ? (
          <span className="faint">none yet</span>
        ) : (
          <Identifier id={record.meteringRecordId} what="receipt" />
        )}
      </Fact>
    </dl>
  );
}

/** One of the facts in a strip. */
export function Fact({ name, children }: { name: string; children: React.ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
