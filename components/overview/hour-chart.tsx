import { ChevronRight } from "lucide-react";
import Link from "next/link";
import { clockText, dayText, hourText } from "#components/format/moment.ts";
import { quantityText } from "#components/format/quantity.ts";
import type { Overview } from "#lib/metering/shapes.ts";
import { ChartTable, hourHref } from "./chart-table.tsx";
import {
  barsOf,
  CHART_HEIGHT,
  gridSteps,
  type HourOfChart,
  heightOf,
  OUTCOME_WORDS,
  OUTCOMES,
  totalOf,
} from "./hour-bars.ts";

const COLUMN = 20;

/** Records per hour by outcome, drawn on the server; the same numbers stand in a table below. */
export function HourChart({ overview }: { overview: Overview }) {
  const { hours, open, now } = overview;
  const steps = gridSteps(Math.max(open, ...hours.map(totalOf)));
  const top = steps.at(-1) ?? 1;
  const width = Math.max(1, hours.length) * COLUMN;
  const openAt = hours.findIndex(({ hour }) => hour.slice(0, 13) === now.slice(0, 13));
  return (
    <section className="panel">
      <div className="panel-head">
        <h2>Records per hour</h2>
        <span className="count">last 48 hours, UTC</span>
        <Legend overview={overview} />
      </div>
      <div className="chart">
        <div className="c-y" aria-hidden="true">
          {steps.map((step) => (
            <span key={step} style={{ bottom: step === 0 ? 0 : heightOf(step, top) }}>
              {quantityText(String(step))}
            </span>
          ))}
        </div>
        <div className="c-plot">
          <svg
            viewBox={`0 0 ${width} ${CHART_HEIGHT}`}
            preserveAspectRatio="none"
            role="img"
            aria-label="Stacked bars, one per hour; the same numbers stand in the table below"
          >
            <defs>
              <pattern id="stripe" x="2" width="6" height="6" patternUnits="userSpaceOnUse">
                <rect width="4.2" height="6" className="c-stripe" />
              </pattern>
            </defs>
            {steps.slice(1).map((step) => (
              <path
                key={step}
                d={`M0 ${CHART_HEIGHT - heightOf(step, top)}H${width}`}
                className="c-grid"
                vectorEffect="non-scaling-stroke"
              />
            ))}
            {hours.flatMap((hour, at) =>
              barsOf(hour, top).map(({ outcome, y, height }) => (
                <rect
                  key={`${hour.hour} ${outcome}`}
                  x={at * COLUMN + 2}
                  y={y}
                  width={COLUMN - 4}
                  height={height}
                  className={`c-${outcome}`}
                />
              )),
            )}
            {open > 0 && openAt >= 0 && (
              <rect
                x={openAt * COLUMN + 2.5}
                y={CHART_HEIGHT - heightOf(open, top)}
                width={COLUMN - 5}
                height={heightOf(open, top)}
                className="c-open"
                vectorEffect="non-scaling-stroke"
              />
            )}
            <path d={`M0 ${CHART_HEIGHT}H${width}`} className="c-base" vectorEffect="non-scaling-stroke" />
          </svg>
          <div className="c-cols" aria-hidden="true">
            {hours.map((hour) => (
              <HourColumn key={hour.hour} hour={hour} />
            ))}
          </div>
        </div>
        <HourAxis hours={hours} />
      </div>
      <ChartTable hours={hours}>
        <ChevronRight className="i" />
        The same as a table
      </ChartTable>
    </section>
  );
}

/** A bar's door for the pointer. The keyboard has the same doors in the table. */
function HourColumn({ hour }: { hour: HourOfChart }) {
  if (totalOf(hour) === 0) return <span />;
  return (
    <Link href={hourHref(hour.hour)} tabIndex={-1} prefetch={false}>
      <span className="c-tip">
        <b>{hourText(hour.hour)} UTC</b>
        {OUTCOMES.filter((outcome) => hour[outcome] > 0).map((outcome) => (
          <span className="c-row" key={outcome}>
            <span>{OUTCOME_WORDS[outcome].word}</span>
            <span>{quantityText(String(hour[outcome]))}</span>
          </span>
        ))}
      </span>
    </Link>
  );
}

function Legend({ overview }: { overview: Overview }) {
  return (
    <ul className="legend">
      {OUTCOMES.map((outcome) => (
        <li key={outcome} className={OUTCOME_WORDS[outcome].tone}>
          <span className="sw" />
          {OUTCOME_WORDS[outcome].word}
          <b>{quantityText(String(overview.hours.reduce((sum, hour) => sum + hour[outcome], 0)))}</b>
        </li>
      ))}
      <li>
        <span className="sw sw-open" />
        Counting<b>{quantityText(String(overview.open))}</b>
      </li>
    </ul>
  );
}

/** Every sixth hour has its name; where a day begins, the day's. */
function HourAxis({ hours }: { hours: HourOfChart[] }) {
  return (
    <div className="c-x" aria-hidden="true">
      {hours.map(({ hour }, at) => {
        const clock = clockText(hour);
        if (!/^(00|06|12|18):/.test(clock) || at < 2 || at > hours.length - 3) return null;
        const left = `${((at + 0.5) / hours.length) * 100}%`;
        return clock === "00:00" ? (
          <span key={hour} className="day" style={{ left }}>
            {dayText(hour)}
          </span>
        ) : (
          <span key={hour} style={{ left }}>
            {clock}
          </span>
        );
      })}
    </div>
  );
}
