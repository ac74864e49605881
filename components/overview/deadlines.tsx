import Link from "next/link";
import { hourText } from "#components/format/moment.ts";
import { quantityText } from "#components/format/quantity.ts";
import { StateBadge } from "#components/ui/state-badge.tsx";
import { TimeLeft } from "#components/ui/time-left.tsx";
import { UtcTime } from "#components/ui/utc-time.tsx";
import type { Overview } from "#lib/metering/shapes.ts";
import { hourHref } from "./chart-table.tsx";

/** What can still be lost, soonest first; each line leads to its records. */
export function Deadlines({ overview }: { overview: Overview }) {
  const { deadlines, now } = overview;
  return (
    <section className="panel" id="deadlines">
      <div className="panel-head">
        <h2>Deadlines</h2>
        <span className="count">soonest first</span>
      </div>
      {deadlines.length === 0 ? (
        <p className="panel-empty">
          Nothing can be lost now. When an hour closes with usage, it stands here with the time it can still
          be billed, until AWS’s receipt arrives.
        </p>
      ) : (
        <table className="table deadlines">
          <thead>
            <tr>
              <th className="num">Time left</th>
              <th>Hour (UTC)</th>
              <th>Dimension</th>
              <th className="num">Records</th>
              <th className="st">State</th>
            </tr>
          </thead>
          <tbody>
            {deadlines.map(({ aim, hour, dimension, state, records }) => (
              <tr key={`${hour} ${dimension} ${state}`}>
                <td>
                  <TimeLeft from={hour} until={aim} now={now} />
                </td>
                <td>
                  <UtcTime at={hour}>{hourText(hour)}</UtcTime>
                </td>
                <td className="mono trunc dm">{dimension}</td>
                <td className="num">
                  <Link
                    className="link-quiet"
                    href={`${hourHref(hour)}&state=${state}&dimension=${encodeURIComponent(dimension)}`}
                    prefetch={false}
                  >
                    {quantityText(String(records))}
                    <span className="sr"> records of this line</span>
                  </Link>
                </td>
                <td className="st">
                  <StateBadge state={state} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}
