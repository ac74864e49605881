import { between, DANGER_MS, durationText, usedPercent } from "#components/format/duration.ts";
import { hourText, momentText } from "#components/format/moment.ts";
import { canStillBeBilled } from "#components/record-state.ts";
import { UtcTime } from "#components/ui/utc-time.tsx";
import type { RecordDetail } from "#lib/metering/shapes.ts";

/** How long AWS still takes this record, as words and as a line with "now" on it. */
export function WindowPanel({ record, now }: { record: RecordDetail; now: string }) {
  if (!canStillBeBilled(record.state)) return null;
  const left = between(now, record.aim);
  const used = `${usedPercent(record.hour, record.aim, now)}%`;
  return (
    <section className="panel pad">
      <h2>Time left</h2>
      <p className={`big ${left < DANGER_MS ? "is-danger" : ""}`}>
        {left > 0 ? durationText(left) : "past its safe time"}
      </p>
      <div
        className={`window ${left < DANGER_MS ? "is-danger" : ""}`}
        role="img"
        aria-label={`${used} of the window is used`}
      >
        <i style={{ "--w": used }} />
        <span style={{ insetInlineStart: used }} />
      </div>
      <ul className="w-l">
        <li>
          <span className="faint">Hour</span>
          <UtcTime at={record.hour}>{hourText(record.hour)}</UtcTime> UTC
        </li>
        <li>
          <span className="faint">Safe until</span>
          <UtcTime at={record.aim}>{hourText(record.aim)}</UtcTime> UTC
        </li>
      </ul>
      <p className="hint">
        {record.state === "unconfirmed" ? (
          "It is not sent again, whatever time is left: what AWS did is found out, not tried."
        ) : record.state === "held" ? (
          <>
            It is not sent while it is held. Released in time, it is; released after{" "}
            {momentText(record.lastCall, now)}, its units go into the next hour that is sealed, or are written
            off if its license has ended.
          </>
        ) : (
          <>
            After that AWS may say too late; the record is still tried, alone, until its last call at{" "}
            {momentText(record.lastCall, now)}.
          </>
        )}
      </p>
    </section>
  );
}
