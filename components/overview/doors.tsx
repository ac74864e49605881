import { ChevronRight, CircleCheck, Clock, type LucideIcon, OctagonX, TriangleAlert } from "lucide-react";
import Link from "next/link";
import { quantityText } from "#components/format/quantity.ts";
import type { Tone } from "#components/record-state.ts";
import type { Overview } from "#lib/metering/shapes.ts";
import { inRuns, sparkPoints } from "./sparkline.ts";

const RECORDS = "/admin/metering/records";

/** Four figures of today; each leads to the records behind it. */
export function Doors({ overview }: { overview: Overview }) {
  const { waiting, inDanger, refused, tooLate, unconfirmed, held, billedToday, hours } = overview;
  return (
    <section className="panel stats" aria-label="Today, by outcome">
      <Door
        href={`${RECORDS}?state=sealed`}
        tone="waiting"
        icon={Clock}
        label="Waiting"
        value={waiting}
        note={waitingNote(waiting, held)}
        trend={hours.map((hour) => hour.waiting)}
      />
      <Door
        href="#deadlines"
        tone="danger"
        icon={TriangleAlert}
        label="In danger"
        value={inDanger}
        note={inDanger > 0 ? "under 2 h left" : "nothing has less than 2 h left"}
        trend={hours.map((hour) => hour.danger)}
      />
      <Door
        href={`${RECORDS}?state=${refused > 0 || tooLate === 0 ? "rejected" : "expired"}`}
        tone="failed"
        icon={OctagonX}
        label="Failed"
        value={refused + tooLate}
        note={failedNote(refused, tooLate, unconfirmed)}
        trend={hours.map((hour) => hour.failed)}
      />
      <Door
        href={`${RECORDS}?state=accepted`}
        tone="billed"
        icon={CircleCheck}
        label="Billed today"
        value={billedToday}
        note={billedToday > 0 ? "AWS’s receipts held" : "no receipt yet today"}
        trend={hours.map((hour) => hour.billed)}
      />
    </section>
  );
}

function waitingNote(waiting: number, held: number): string {
  const way = waiting === 0 ? "nothing to send" : waiting === 1 ? "on its way to AWS" : "on their way to AWS";
  return held > 0 ? `${way}, and ${held} on hold` : way;
}

function failedNote(refused: number, tooLate: number, unconfirmed: number): string {
  const parts = [
    refused > 0 ? `${refused} Refused${tooLate === 0 ? ", can still be billed" : ""}` : "",
    tooLate > 0 ? `${tooLate} Too late` : "",
    unconfirmed > 0 ? `and ${unconfirmed} to be confirmed` : "",
  ].filter(Boolean);
  return parts.length > 0 ? parts.join(", ") : "AWS refused nothing";
}

function Door(door: {
  href: string;
  tone: Tone;
  icon: LucideIcon;
  label: string;
  value: number;
  note: string;
  trend: number[];
}) {
  const Icon = door.icon;
  return (
    <Link className={`stat is-${door.tone}`} href={door.href}>
      <span className="stat-label">
        <Icon className="i" />
        {door.label}
        <ChevronRight className="i go" />
      </span>
      <span className="stat-value">{quantityText(String(door.value))}</span>
      <Spark values={inRuns(door.trend, 12)} />
      <span className="stat-note">{door.note}</span>
    </Link>
  );
}

/** Decoration beside the figure: records of each hour that stand in this outcome now, 48 hours in twelve points. */
function Spark({ values }: { values: number[] }) {
  const points = sparkPoints(values);
  const last = points.at(-1);
  if (!last) return <span />;
  const line = points.map(({ x, y }, at) => `${at === 0 ? "M" : "L"}${x} ${y}`).join(" ");
  return (
    <svg className="spark" viewBox="0 0 112 32" aria-hidden="true">
      <path d={`${line} L112 32 L0 32 Z`} fill="var(--f)" opacity=".13" />
      <path d={line} fill="none" stroke="var(--f)" strokeWidth="1.5" strokeLinejoin="round" />
      <circle cx={last.x} cy={last.y} r="2.5" fill="var(--f)" />
    </svg>
  );
}
