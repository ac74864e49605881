import Link from "next/link";
import { shortId } from "#components/format/identifier.ts";
import { quantityText } from "#components/format/quantity.ts";
import { reasonWord } from "#components/records/decision-words.ts";
import type { OperationView } from "#lib/metering/submission/operation.ts";

/** The first hundred records that an operation left alone, each with its reason and the way to it. */
export function LeftAlone({ operation: { skipped, reasons } }: { operation: OperationView }) {
  if (reasons.length === 0) return null;
  return (
    <section className="panel" aria-labelledby="left-alone">
      <div className="panel-head">
        <h2 id="left-alone">Left alone</h2>
        <span className="count">
          {reasons.length < skipped
            ? `the first ${reasons.length} of ${quantityText(String(skipped))}`
            : quantityText(String(skipped))}
        </span>
      </div>
      <table className="table">
        <thead>
          <tr>
            <th>Record</th>
            <th>Why</th>
          </tr>
        </thead>
        <tbody>
          {reasons.map(({ id, reason }) => (
            <tr key={id}>
              <td className="mono">
                <Link href={`/admin/metering/records/${id}`} prefetch={false} title={id}>
                  {shortId(id)}
                </Link>
              </td>
              <td className="muted">{reasonWord(reason)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
