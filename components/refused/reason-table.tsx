import { RotateCw } from "lucide-react";
import Link from "next/link";
import { agoText } from "#components/format/duration.ts";
import { quantityText } from "#components/format/quantity.ts";
import type { RefusedReason } from "#lib/metering/ingest/refused-reason-views.ts";
import type { RefusalCode } from "#lib/metering/ingest/shapes.ts";
import { REFUSALS } from "./refused-words.ts";

const ROOM = "/admin/metering/refused";

/** Why events were refused, what to mend, and the way to replay them. */
export function ReasonTable({
  reasons,
  code,
  now,
}: {
  reasons: RefusedReason[];
  /** The reason whose events are shown below; undefined: all. */
  code: RefusalCode | undefined;
  now: string;
}) {
  return (
    <section className="panel" aria-labelledby="reasons">
      <div className="panel-head">
        <h2 id="reasons">Reasons</h2>
        <span className="count">mend the cause, then replay</span>
      </div>
      <ul className="problems reasons">
        {reasons.map((reason) => (
          <li key={reason.code}>
            <p>
              <b>
                <Link
                  className="link-quiet"
                  href={`${ROOM}?code=${reason.code}`}
                  aria-current={reason.code === code ? "true" : undefined}
                >
                  {REFUSALS[reason.code].name}
                </Link>{" "}
                <code className="faint">{reason.code}</code>
              </b>
              <span>{REFUSALS[reason.code].mend}</span>
            </p>
            <span className="n">
              <b>{quantityText(String(reason.events))}</b>
              <span className="faint">
                {reason.times > reason.events ? `sent ${quantityText(String(reason.times))} times, ` : ""}
                newest {agoText(reason.newestAt, now)}
              </span>
            </span>
            {reason.replayable > 0 ? (
              <Link className="btn btn-second" href={`${ROOM}?code=${reason.code}&replay=1`}>
                <RotateCw className="i" />
                Replay {quantityText(String(reason.replayable))}…
                <span className="sr">: {REFUSALS[reason.code].name}</span>
              </Link>
            ) : (
              <span className="faint r-late">too late to replay</span>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}
