import Link from "next/link";
import { hourText } from "#components/format/moment.ts";
import { quantityText } from "#components/format/quantity.ts";
import { type HourOfChart, OUTCOME_WORDS, OUTCOMES, totalOf } from "./hour-bars.ts";

/** The list of one hour's records. */
export function hourHref(hour: string): string {
  const from = new Date(hour);
  const to = new Date(from.getTime() + 3_600_000);
  return `/admin/metering/records?from=${from.toISOString()}&to=${to.toISOString()}`;
}

/** The chart's numbers for those who read rather than look, newest first; hours without records are left out. */
export function ChartTable({ hours, children }: { hours: HourOfChart[]; children: React.ReactNode }) {
  const filled = hours.filter((hour) => totalOf(hour) > 0).reverse();
  if (filled.length === 0) return null;
  return (
    <details className="as-table">
      <summary>{children}</summary>
      <table className="table">
        <thead>
          <tr>
            <th>Hour (UTC)</th>
            {OUTCOMES.map((outcome) => (
              <th className="num" key={outcome}>
                {OUTCOME_WORDS[outcome].word}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {filled.map((hour) => (
            <tr key={hour.hour}>
              <td>
                <Link href={hourHref(hour.hour)} prefetch={false}>
                  {hourText(hour.hour)}
                </Link>
              </td>
              {OUTCOMES.map((outcome) => (
                <td
                  className={hour[outcome] === 0 ? "num none" : "num"}
                  data-name={OUTCOME_WORDS[outcome].word}
                  key={outcome}
                >
                  {quantityText(String(hour[outcome]))}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}
