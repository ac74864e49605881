import Link from "next/link";
import { hourText } from "#components/format/moment.ts";
import { quantityText } from "#components/format/quantity.ts";
import { UtcTime } from "#components/ui/utc-time.tsx";
import type { OperationView } from "#lib/metering/submission/operation.ts";
import { filterWords, OPERATION_NAMES, OPERATION_STATES } from "./operation-words.ts";

/** Decisions about many records, newest first; each leads to what came of it. */
export function OperationList({ operations }: { operations: OperationView[] }) {
  return (
    <section className="panel" aria-label="Newest operations">
      <table className="table operations">
        <thead>
          <tr>
            <th className="o-k">Operation</th>
            <th className="o-f">Records</th>
            <th className="o-s">State</th>
            <th className="num o-m">Matched</th>
            <th className="num o-d">Done</th>
            <th className="num o-l">Left alone</th>
            <th className="o-a">Asked by</th>
            <th className="num o-t">Asked (UTC)</th>
          </tr>
        </thead>
        <tbody>
          {operations.map((operation) => (
            <tr key={operation.id}>
              <td className="o-k">
                <Link
                  className="link-quiet"
                  href={`/admin/metering/operations/${operation.id}`}
                  prefetch={false}
                >
                  {OPERATION_NAMES[operation.kind]}
                  <span className="sr"> of {hourText(operation.createdAt)}</span>
                </Link>
              </td>
              <td className="o-f trunc muted">
                {filterWords(operation)
                  .map(({ name, value }) => `${name} ${value}`)
                  .join(", ")}
              </td>
              <td className="o-s">
                <span className="tag">{OPERATION_STATES[operation.state]}</span>
              </td>
              <td className="num o-m">{quantityText(String(operation.matched))}</td>
              <td className="num o-d">{quantityText(String(operation.done))}</td>
              <td className="num o-l">{quantityText(String(operation.skipped))}</td>
              <td className="o-a trunc muted">{operation.actor}</td>
              <td className="num o-t">
                <UtcTime at={operation.createdAt}>{hourText(operation.createdAt)}</UtcTime>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
