/** The points of a small curve 112 wide and 32 high, two from the top and the bottom. Nought lies on the ground. */
export function sparkPoints(values: readonly number[]): { x: number; y: number }[] {
  const most = Math.max(1, ...values);
  const step = values.length > 1 ? 112 / (values.length - 1) : 0;
  return values.map((value, at) => ({
    x: Math.round(at * step * 10) / 10,
    y: Math.round((30 - (value / most) * 25) * 10) / 10,
  }));
}

/** Sums of equal runs of the values, so that many become few. The last run ends with the last value. */
export function inRuns(values: readonly number[], runs: number): number[] {
  const size = Math.ceil(values.length / runs);
  if (size === 0) return [];
  const sums: number[] = [];
  for (let end = values.length; end > 0; end -= size) {
    sums.unshift(values.slice(Math.max(0, end - size), end).reduce((sum, value) => sum + value, 0));
  }
  return sums;
}
