import { Identifier } from "#components/ui/identifier.tsx";
import type { RecordDetail } from "#lib/metering/shapes.ts";

/** Everything AWS is told about this record, frozen when the hour closed. */
export function FrozenFacts({ record }: { record: RecordDetail }) {
  return (
    <section className="panel pad">
      <h2>Frozen facts</h2>
      <dl className="kv">
        <dt>Record</dt>
        <dd>
          <Identifier id={record.id} what="record id" />
        </dd>
        <dt>{record.licenseArn ? "License ARN" : "License"}</dt>
        <dd>
          <Identifier
            id={record.licenseArn ?? record.licenseId}
            what={record.licenseArn ? "license ARN" : "license id"}
          />
        </dd>
        {record.customerAwsAccountId && (
          <>
            <dt>AWS account</dt>
            <dd>
              <Identifier id={record.customerAwsAccountId} what="AWS account" />
            </dd>
          </>
        )}
        <dt>Product code</dt>
        <dd>
          <Identifier id={record.productCode} what="product code" />
        </dd>
        <dt>Dimension</dt>
        <dd className="mono">{record.dimension}</dd>
        <dt>Identity</dt>
        <dd>{record.identity === "license" ? "License" : "Legacy"}</dd>
        <dt>Region</dt>
        <dd>{record.region}</dd>
        <dt>Timestamp</dt>
        <dd className="mono">{record.timestamp.replace(".000Z", "Z")}</dd>
      </dl>
    </section>
  );
}
