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

/**
 * A measure and its limit take turns, so that whatever else the machine does meets both; the first round only warms up.
 * What it is set beside besides is told in the same line, and decides nothing.
 */
export async function takeTurns(
  of: { name: string; limit: number; rounds?: number; unit: string },
  measure: () => Promise<number>,
  limit: () => Promise<number>,
  besides: Record<string, () => Promise<number>> = {},
): Promise<void> {
  const measured: number[] = [];
  const others = Object.entries({ limit, ...besides }).map(([name, rate]) => ({
    name,
    rate,
    rates: [] as number[],
  }));
  for (let round = 0; round <= (of.rounds ?? 5); round++) {
    const rate = await measure();
    for (const other of others) other.rates[round] = await other.rate();
    measured[round] = rate;
  }
  const beside = others.flatMap(({ name, rates }) => {
    const ratio = median(measured.slice(1).map((rate, round) => rate / (rates[round + 1] ?? rate)));
    return [
      [name, Math.round(median(rates.slice(1)))],
      [name === "limit" ? "ratio" : `${name}Ratio`, ratio],
    ] as [string, number][];
  });
  const figures = { [of.unit]: Math.round(median(measured.slice(1))), ...Object.fromEntries(beside) };
  report(of.name, { ...figures, atLeast: of.limit }, (figures.ratio ?? 0) >= of.limit);
}

/** How many a second. */
export async function ratePerSecond(amount: number, work: () => Promise<void>): Promise<number> {
  const begun = performance.now();
  await work();
  return (amount * 1_000) / (performance.now() - begun);
}
