import { Download } from "lucide-react";
import { hourText, monthText, shortDayText } from "#components/format/moment.ts";
import { isNought, quantityText } from "#components/format/quantity.ts";
import { LocalTime } from "#components/ui/local-time.tsx";
import type { MonthLine } from "./usage-lines.ts";

/** What was used in the running month, as AWS holds it: the busiest dimension by day, and every one in sums. */
export function MonthPanel({ lines, first, csv }: { lines: MonthLine[]; first: string; csv: string }) {
  const used = lines.some(({ month }) => !isNought(month));
  const [busiest] = lines;
  return (
    <section className="panel use" aria-labelledby="usage">
      <div className="panel-head">
        <h2 id="usage">Usage in {monthText(first)}</h2>
        <span className="count">as reported to AWS</span>
        {used && (
          <a className="btn btn-second more" href={csv} download>
            <Download className="i" />
            CSV
          </a>
        )}
      </div>
      {used && busiest ? (
        <>
          <Days line={busiest} />
          <Sums lines={lines} />
        </>
      ) : (
        <p className="none">
          Nothing has been reported yet this month. Each hour’s usage stands here a few minutes after the
          hour, once AWS holds it.
        </p>
      )}
    </section>
  );
}

/** One bar per UTC day; the table below says the sums in words. */
function Days({ line: { name, days } }: { line: MonthLine }) {
  const last = days.length - 1;
  return (
    <div aria-hidden="true">
      <div className="days">
        {days.map(({ day, quantity, height }, at) => (
          <i
            key={day}
            className={at === last ? "now" : undefined}
            style={{ "--h": `${isNought(quantity) ? 0 : Math.max(4, height)}%` }}
            title={`${day}: ${quantityText(quantity)}`}
          />
        ))}
      </div>
      <div className="dx">
        <span>{days.length > 1 && shortDayText(days[0]?.day ?? "")}</span>
        <span>{name} per day, UTC</span>
        <span>today</span>
      </div>
    </div>
  );
}

function Sums({ lines }: { lines: MonthLine[] }) {
  return (
    <table className="table">
      <thead>
        <tr>
          <th>Dimension</th>
          <th className="num">Today</th>
          <th className="num">This month</th>
          <th className="num wide">Newest hour</th>
        </tr>
      </thead>
      <tbody>
        {lines.map(({ key, name, today, month, lastHour }) => (
          <tr key={key}>
            <td className="trunc">{name}</td>
            <td className="num">{quantityText(today)}</td>
            <td className="num">{quantityText(month)}</td>
            <td className="num wide faint">
              {lastHour ? <LocalTime at={lastHour} utc={hourText(lastHour)} form="moment" /> : "none yet"}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
