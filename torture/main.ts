import { parseArgs } from "node:util";
import { buildCopy } from "#scripts/build-copy.ts";
import { runCommand } from "#scripts/run-command.ts";
import { StartError } from "#scripts/start-error.ts";
import { FAVOURITES, type Favourite } from "./chaos.ts";
import { inWords } from "./checks/totals.ts";
import { tortureInLanes } from "./lanes.ts";
import { MUTANTS } from "./mutants.ts";
import { writeReport } from "./report.ts";
import type { Result, Wishes } from "./run.ts";

// npm run torture -- [--rounds 10] [--lanes 1] [--minutes 60] [--seed word] [--mutant 1…8] [--favourite forget] [--next] [--report]: real processes, a PostgreSQL that
// forces every commit to disk, and everything that can go wrong. With --next the production web server is among them; it is
// built when a source has changed. Exit 0: nothing was found (with --mutant: it was caught).
await runCommand(async (args) => {
  const { values } = parseArgs({
    args,
    options: {
      rounds: { type: "string", default: "10" },
      lanes: { type: "string", default: "1" },
      minutes: { type: "string", default: "1000" },
      seed: { type: "string", default: Date.now().toString(36) },
      workers: { type: "string", default: "3" },
      rage: { type: "string", default: "8" },
      calm: { type: "string", default: "10" },
      restores: { type: "string", default: "12" },
      floods: { type: "string", default: "5" },
      mutant: { type: "string" },
      favourite: { type: "string" },
      next: { type: "boolean", default: false },
      report: { type: "boolean", default: false },
      keep: { type: "boolean", default: false },
    },
  });
  const mutant = values.mutant === undefined ? null : (MUTANTS[Number(values.mutant)] ?? null);
  if (values.mutant !== undefined && !mutant)
    throw new StartError(`--mutant must be one of ${Object.keys(MUTANTS).join(", ")}`);
  if (mutant && values.next)
    throw new StartError("--next needs a build, which would not have the mutant's patches");
  // Once, before there are lanes.
  const build = values.next ? await buildCopy("torture") : null;
  console.log(`seed ${values.seed}${mutant ? `, mutant: ${mutant.name}` : ""}`);
  const wishes: Wishes = {
    rounds: wholeOf(values.rounds, "--rounds"),
    minutes: wholeOf(values.minutes, "--minutes"),
    seed: values.seed,
    workers: wholeOf(values.workers, "--workers"),
    portals: 2,
    build,
    rageMs: wholeOf(values.rage, "--rage") * 1000,
    calmMs: wholeOf(values.calm, "--calm") * 1000,
    walks: 8,
    restores: percentOf(values.restores, "--restores"),
    floods: percentOf(values.floods, "--floods"),
    favourite: favouriteOf(values.favourite) ?? mutant?.favourite ?? null,
    mutant,
    keep: values.keep,
  };
  const result = await tortureInLanes(wholeOf(values.lanes, "--lanes"), wishes, console.log);
  if (values.report) writeReport(result);
  tell(result);
  const isCaught = result.findings.length > 0;
  if (mutant) console.log(isCaught ? `caught: ${mutant.name}` : `NOT caught: ${mutant.name}`);
  return isCaught === (mutant !== null) ? 0 : 1;
});

function tell(result: Result): void {
  const { findings, seed, rounds, story, folder, seconds, mostInASecond } = result;
  if (findings.length > 0) {
    console.log(story.map((line) => `  ${line}`).join("\n"));
    console.log(findings.map((finding) => `✗ ${finding}`).join("\n"));
    console.log(`seed ${seed}, round ${rounds}; everything is in ${folder}`);
  }
  for (const [what, times] of Object.entries(result.counts).sort(([a], [b]) => (a < b ? -1 : 1)))
    console.log(`  ${times} ${what}`);
  for (const { what, sum } of inWords(result.sums.billed))
    console.log(`  ${what}: ${sum.units} in ${sum.hours} hours`);
  console.log(
    `${rounds} rounds in ${seconds} s, at most ${mostInASecond} calls a second, ${findings.length} findings`,
  );
}

function favouriteOf(text: string | undefined): Favourite | null {
  if (text === undefined) return null;
  const known = Object.keys(FAVOURITES).find((name): name is Favourite => name === text);
  if (!known) throw new StartError(`--favourite must be one of ${Object.keys(FAVOURITES).join(", ")}`);
  return known;
}

function percentOf(text: string, name: string): number {
  const value = Number(text);
  if (!(value >= 0 && value <= 50)) throw new StartError(`${name} must be a percentage from 0 to 50`);
  return value / 100;
}

function wholeOf(text: string, name: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1)
    throw new StartError(`${name} must be a whole number of 1 or more`);
  return value;
}
