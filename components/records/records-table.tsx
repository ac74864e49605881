import { ArrowDown } from "lucide-react";
import { countText, quantityText } from "#components/format/quantity.ts";
import { PageTurns } from "#components/ui/page-turns.tsx";
import type { OpenHourView, UsageRecordView } from "#lib/metering/shapes.ts";
import { DecideBar, isChoosable } from "./decide-bar.tsx";
import type { RecordAddress } from "./record-address.ts";
import { OpenHourRow, RecordRow } from "./record-row.tsx";

/** Records newest hour first, the hours that still count above them. */
export function RecordsTable({
  openHours,
  records,
  buyers,
  now,
  address,
  chosen,
  matching,
  total,
  older,
  newest,
}: {
  openHours: OpenHourView[];
  records: UsageRecordView[];
  /** Company names by license. */
  buyers: ReadonlyMap<string, string>;
  now: string;
  /** What the list shows: the preview of a decision keeps it. */
  address: RecordAddress;
  /** The ids whose boxes are ticked to begin with; "all": the box of all that match. */
  chosen: ReadonlySet<string> | "all";
  /** How many records a decision about all that match is about; null where there is none to make. */
  matching: number | null;
  /** How many the list has in all; null where other filters make that unknown. */
  total: number | null;
  /** The address of the next page; null on the last. */
  older: string | null;
  /** The address of the first page; null on it. */
  newest: string | null;
}) {
  return (
    <section className="panel" aria-label="Records">
      <form method="get" action="/admin/metering/records">
        {records.some(({ state }) => isChoosable(state)) && (
          <DecideBar address={address} matching={matching} all={chosen === "all"} />
        )}
        <table className="table records">
          <thead>
            <tr>
              <th className="r-s">State</th>
              <th className="r-h" aria-sort="descending">
                Hour (UTC) <ArrowDown className="i" />
              </th>
              <th className="r-b">Buyer</th>
              <th className="r-l">License</th>
              <th className="r-d">Dimension</th>
              <th className="num r-q">Quantity</th>
              <th className="num r-t">Time left</th>
              <th className="r-n">Reason or next step</th>
              <th className="num r-x">Tries</th>
            </tr>
          </thead>
          <tbody>
            {openHours.map((hour) => (
              <OpenHourRow
                key={`${hour.licenseId} ${hour.dimension} ${hour.hour}`}
                hour={hour}
                buyer={buyers.get(hour.licenseId)}
                now={now}
              />
            ))}
            {records.map((record) => (
              <RecordRow
                key={record.id}
                record={record}
                buyer={buyers.get(record.licenseId)}
                now={now}
                chosen={chosen !== "all" && chosen.has(record.id)}
              />
            ))}
          </tbody>
        </table>
      </form>
      <div className="foot">
        <span>
          {countText(openHours.length + records.length, "record")} on this page
          {total !== null && `, ${quantityText(String(total))} in all`}
        </span>
        <PageTurns older={older} newest={newest} />
      </div>
    </section>
  );
}
