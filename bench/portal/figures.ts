import { loadavg } from "node:os";

export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

/** One JSON line: a figure, what it is measured against, and whether it holds. A run with one that does not exits 1. */
export function report(
  name: string,
  figures: Record<string, number | string | boolean>,
  holds: boolean,
): void {
  const rounded = Object.entries({ ...figures, load: loadavg()[0] ?? 0 }).map(([key, value]) => [
    key,
    typeof value === "number" ? Number(value.toFixed(2)) : value,
  ]);
  console.log(JSON.stringify({ bench: name, ...Object.fromEntries(rounded), holds }));
  if (!holds) process.exitCode = 1;
}

/** A measure and its limit take turns, so that whatever else the machine does meets both; the first round only warms up. */
export async function takeTurns(
  of: { name: string; limit: number; rounds?: number; unit: string },
  measure: () => Promise<number>,
  limit: () => Promise<number>,
): Promise<void> {
  const rates = { measured: [] as number[], limit: [] as number[] };
  for (let round = 0; round <= (of.rounds ?? 5); round++) {
    const [measured, against] = [await measure(), await limit()];
    if (round === 0) continue;
    rates.measured.push(measured);
    rates.limit.push(against);
  }
  const ratio = median(rates.measured.map((rate, round) => rate / (rates.limit[round] ?? rate)));
  const figures = { [of.unit]: Math.round(median(rates.measured)), limit: Math.round(median(rates.limit)) };
  report(of.name, { ...figures, ratio, atLeast: of.limit }, ratio >= of.limit);
}

/** How many a second. */
export async function ratePerSecond(amount: number, work: () => Promise<void>): Promise<number> {
  const begun = performance.now();
  await work();
  return (amount * 1_000) / (performance.now() - begun);
}
