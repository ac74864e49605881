import { Check, TriangleAlert } from "lucide-react";
import { clockText, momentText } from "#components/format/moment.ts";
import { countText } from "#components/format/quantity.ts";
import type { Overview } from "#lib/metering/shapes.ts";

/** Whether the parts that move money run. A plain tick, no colour: health is not an outcome. */
export function SystemPanel({ overview, children }: { overview: Overview; children: React.ReactNode }) {
  const { worker, paused, closedThrough, open, now } = overview;
  return (
    <section className="panel" id="system">
      <div className="panel-head">
        <h2>System</h2>
      </div>
      <ul className="lines">
        <Line name="Worker" well={worker.alive}>
          {worker.alive
            ? "Running"
            : worker.lastBeatAt
              ? `Last seen at ${clockText(worker.lastBeatAt)} UTC, machine time`
              : "Never seen"}
        </Line>
        <Line name="Submitting" well={paused === null}>
          {paused === null ? "On" : "Paused"}
        </Line>
        <Line name="Closing" well>
          {closedThrough === null ? "No hour closed yet" : `Closed up to ${momentText(closedThrough, now)}`}
        </Line>
        <Line name="Counting" well>
          {countText(open, "hour")} open
        </Line>
      </ul>
      {children}
    </section>
  );
}

function Line({ name, well, children }: { name: string; well: boolean; children: React.ReactNode }) {
  return (
    <li>
      {well ? <Check className="i" /> : <TriangleAlert className="i warns" />}
      <span className="hn">{name}</span>
      <span className="trunc muted">{children}</span>
    </li>
  );
}
