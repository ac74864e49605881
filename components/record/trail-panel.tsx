import { secondText } from "#components/format/moment.ts";
import { quantityText } from "#components/format/quantity.ts";
import { Identifier } from "#components/ui/identifier.tsx";
import { UtcTime } from "#components/ui/utc-time.tsx";

export type TrailLine = {
  eventId: string;
  at: string;
  caller: string;
  status: string;
  quantity: string;
  meteringRecordId: string | null;
};

/** What CloudTrail has of a record's hour: the evidence beside which a person settles it. */
export function TrailPanel({ lines }: { lines: TrailLine[] }) {
  return (
    <section className="panel" aria-labelledby="trail">
      <div className="panel-head">
        <h2 id="trail">What CloudTrail shows</h2>
        <span className="count">
          {lines.length === 0 ? "nothing read yet" : "of this hour, oldest first"}
        </span>
      </div>
      {lines.length === 0 ? (
        <p className="panel-empty">
          No file of CloudTrail’s spoke of this hour yet.{" "}
          <code>npm run portal -- cloudtrail &lt;file&gt;</code> reads one; what AWS took exactly as it was
          sealed is then settled by itself.
        </p>
      ) : (
        <table className="table trail">
          <thead>
            <tr>
              <th>Status</th>
              <th className="num">Quantity</th>
              <th>Receipt</th>
              <th className="t-c">Called by</th>
              <th className="num">At (UTC)</th>
            </tr>
          </thead>
          <tbody>
            {lines.map((line) => (
              <tr key={`${line.eventId} ${line.meteringRecordId} ${line.quantity}`}>
                <td>{line.status}</td>
                <td className="num">{quantityText(line.quantity)}</td>
                <td>{line.meteringRecordId && <Identifier id={line.meteringRecordId} what="receipt" />}</td>
                <td className="t-c trunc muted" title={line.caller}>
                  {line.caller}
                </td>
                <td className="num">
                  <UtcTime at={line.at}>{secondText(line.at)}</UtcTime>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}
