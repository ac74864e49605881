import Link from "next/link";
import { secondText } from "#components/format/moment.ts";
import { countText } from "#components/format/quantity.ts";
import { CodePanel } from "#components/ui/code-panel.tsx";
import { PageTurns } from "#components/ui/page-turns.tsx";
import { UtcTime } from "#components/ui/utc-time.tsx";
import type { RefusedView } from "#lib/metering/ingest/refused-views.ts";
import { REFUSALS, readableEvent } from "./refused-words.ts";

/** Refused events as they were sent, newest first, each with the words its sender got. */
export function RefusedEvents({
  events,
  older,
  all,
}: {
  events: RefusedView[];
  /** The address of the next page; null on the last. */
  older: string | null;
  /** The address without the filter; null where none is on. */
  all: string | null;
}) {
  return (
    <section className="panel" aria-labelledby="events">
      <div className="panel-head">
        <h2 id="events">As they were sent</h2>
        <span className="count">newest first</span>
        {all && (
          <Link className="more" href={all}>
            All reasons
          </Link>
        )}
      </div>
      <ul className="refused">
        {events.map((event) => (
          <li key={event.id}>
            <div>
              <b>{REFUSALS[event.code].name}</b>
              <p className="muted">{event.message}</p>
              <p className="faint">
                {event.times > 1 ? `${countText(event.times, "time")}, last on ` : "On "}
                <UtcTime at={event.lastAt}>{secondText(event.lastAt)}</UtcTime> UTC
                {!event.replayable && "; it cannot be replayed any more"}
              </p>
            </div>
            <CodePanel title="The event" text={readableEvent(event.raw)} what="event" />
          </li>
        ))}
      </ul>
      {older && (
        <div className="foot">
          <PageTurns older={older} />
        </div>
      )}
    </section>
  );
}
