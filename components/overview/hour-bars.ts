import type { Overview } from "#lib/metering/shapes.ts";

export const CHART_HEIGHT = 160;
/** Nothing is drawn lower than this, so that one lost record among thousands is seen. */
const LEAST_HEIGHT = 4;

/** A chart of very few records is not blown up to its whole height. */
const LEAST_TOP = 4;

/** From the base upwards. */
export const OUTCOMES = ["billed", "waiting", "held", "danger", "failed"] as const;
export type Outcome = (typeof OUTCOMES)[number];
export type HourOfChart = Overview["hours"][number];
/** What each is called, and the tint it wears. */
export const OUTCOME_WORDS: Record<Outcome, { word: string; tone: string }> = {
  billed: { word: "Billed", tone: "is-billed" },
  waiting: { word: "Waiting", tone: "is-waiting" },
  held: { word: "On hold", tone: "is-hold" },
  danger: { word: "In danger", tone: "is-danger" },
  failed: { word: "Failed", tone: "is-failed" },
};
export type Bar = { outcome: Outcome; y: number; height: number };

export function totalOf(hour: HourOfChart): number {
  return OUTCOMES.reduce((sum, outcome) => sum + hour[outcome], 0);
}

/** The grid's lines, at most four above nought, in steps of 1, 2 or 5 times a power of ten; the top holds the tallest bar. */
export function gridSteps(tallest: number): number[] {
  const highest = Math.max(LEAST_TOP, tallest);
  const wanted = highest / 3;
  const power = 10 ** Math.floor(Math.log10(wanted));
  const step = Math.max(1, [1, 2, 5, 10].map((factor) => factor * power).find((size) => size >= wanted) ?? 1);
  const lines = Math.ceil(highest / step);
  return Array.from({ length: lines + 1 }, (_, at) => at * step);
}

/** How high `count` stands when the chart's top is `top`. */
export function heightOf(count: number, top: number): number {
  return count === 0 ? 0 : Math.max(LEAST_HEIGHT, Math.round((count / top) * (CHART_HEIGHT - 10)));
}

/** One hour as stacked bars with a gap of one pixel between them. */
export function barsOf(hour: HourOfChart, top: number): Bar[] {
  const bars: Bar[] = [];
  let base = CHART_HEIGHT;
  for (const outcome of OUTCOMES) {
    const height = heightOf(hour[outcome], top);
    if (height === 0) continue;
    const gap = bars.length > 0 ? 1 : 0;
    bars.push({ outcome, y: base - height, height: height - gap });
    base -= height;
  }
  return bars;
}
