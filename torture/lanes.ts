import { addTotals } from "./checks/totals.ts";
import type { Sums } from "./round.ts";
import { type Result, torture, type Wishes } from "./run.ts";

/** Several worlds side by side, each with its own PostgreSQL and a share of the rounds; one result of all. */
export async function tortureInLanes(
  lanes: number,
  wishes: Wishes,
  say: (line: string) => void,
): Promise<Result> {
  if (lanes === 1) return torture(wishes, say);
  const results = await Promise.all(
    Array.from({ length: lanes }, (_, lane) => {
      const rounds = Math.floor((wishes.rounds + lane) / lanes);
      const seed = `${wishes.seed}-${lane + 1}`;
      return torture({ ...wishes, rounds, seed }, (line) => say(`lane ${lane + 1}, ${line}`));
    }),
  );
  const worst = results.find(({ findings }) => findings.length > 0) ?? results[0];
  if (!worst) throw new Error("there is no lane");
  const all = <Key extends keyof Result>(key: Key) => results.map((result) => result[key]);
  return {
    ...worst,
    seed: all("seed").join("`, `"),
    rounds: all("rounds").reduce((sum, n) => sum + n, 0),
    seconds: Math.max(...all("seconds")),
    counts: addUp(all("counts")),
    sums: all("sums").reduce(addSums),
    calls: all("calls").reduce((sum, n) => sum + n, 0),
    mostInASecond: Math.max(...all("mostInASecond")),
    findings: all("findings").flat(),
  };
}

function addUp(counts: Record<string, number>[]): Record<string, number> {
  const sum: Record<string, number> = {};
  for (const [what, times] of counts.flatMap(Object.entries<number>)) sum[what] = (sum[what] ?? 0) + times;
  return sum;
}

const addSums = (one: Sums, other: Sums): Sums => ({
  accepted: one.accepted + other.accepted,
  billed: addTotals(one.billed, other.billed),
});
