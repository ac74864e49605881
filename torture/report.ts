import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { cpus, platform } from "node:os";
import path from "node:path";
import { ROOT } from "#scripts/root.ts";
import { inWords } from "./checks/totals.ts";
import { TAKEN_BY_REAL } from "./ingest.ts";
import { CALLS_OF_REAL, type Result } from "./run.ts";

/** What a run is made from. */
const TORTURED = [
  ...["app", "components", "lib", "worker", "cli", "prisma", "sandbox", "torture"],
  ...["instrumentation.ts", "proxy.ts", "next.config.js", "package-lock.json"],
];

const git = (...words: string[]) => execFileSync("git", words, { cwd: ROOT, encoding: "utf8" }).trim();

/** Writes docs/torture.md: what was done to this commit, and what came of it. */
export function writeReport(result: Result): void {
  const { counts, sums, findings } = result;
  const isClean = git("status", "--porcelain", "--", ...TORTURED) === "";
  const lines = [
    "# Torture",
    "",
    "Written by `npm run torture -- --report`. What it does: `torture/`, from `torture/main.ts` on.",
    "",
    "PostgreSQL forces every commit to disk; workers and sandbox are the real processes.",
    ...portalsIn(counts),
    "CloudTrail's file is written from the calls that the sandbox saw, and imported at the command line; what it cannot",
    "tell is settled by hand, by AWS's ledger. A restore is PostgreSQL's own, a base backup of the running server and a",
    "timeline of its own afterwards, or a copy of its files, of which PostgreSQL says nothing. AWS's texts are read either",
    "way, together and changing.",
    "",
    `- Commit ${git("rev-parse", "HEAD")}${isClean ? "" : ", with changes that were not committed"}`,
    `- Seed \`${result.seed}\`, ${result.rounds} rounds, ${result.seconds} s, ${platform()}, ${cpus().length} cores, Node ${process.version}`,
    `- ${findings.length === 0 ? "Nothing was found" : `${findings.length} findings`}`,
    "",
    "| what happened | times |",
    "|---|---:|",
    ...Object.entries(counts)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([what, times]) => `| ${what} | ${times} |`),
    `| calls of BatchMeterUsage | ${result.calls} |`,
    `| most of them within one second, as the sandbox got round to them | ${result.mostInASecond} |`,
    "",
    `Accepted were ${decimal(sums.accepted)} units. What is billed of them, from here to AWS:`,
    "",
    "| | hours | units |",
    "|---|---:|---:|",
    ...inWords(sums.billed).map(({ what, sum }) => `| ${what} | ${sum.hours} | ${sum.units} |`),
    ...(findings.length === 0 ? [] : ["", "## Findings", "", ...findings.map((finding) => `- ${finding}`)]),
  ];
  writeFileSync(path.join(ROOT, "docs", "torture.md"), `${lines.join("\n")}\n`);
}

/** What portals were in this run, and what the real ones did and suffered. */
function portalsIn(counts: Result["counts"]): string[] {
  const taken = counts[TAKEN_BY_REAL] ?? 0;
  if (taken === 0)
    return [
      "A portal is a small process that calls what its routes and commands call, without Next around it.",
    ];
  const times = (beginning: string) =>
    Object.entries(counts)
      .filter(([what]) => what.startsWith(beginning))
      .reduce((sum, [, n]) => sum + n, 0);
  const harmed = (kind: string) =>
    `killed ${times(`kills of a ${kind}`)} times and frozen ${times(`freezes of a ${kind}`)} times`;
  return [
    "Some of the portals are real ones: the production web server, which takes usage and lifecycle events over HTTP, at the",
    `doors that products and EventBridge use. They took ${taken} batches and were ${harmed("real portal")}.`,
    "The worker ran inside some of them, as `npm run up` and a single container have it: one process took usage, sealed and",
    `submitted, and was ${harmed("real portal that works")} (counted above as well).`,
    `Where no worker stood beside them they made ${counts[CALLS_OF_REAL] ?? 0} calls of BatchMeterUsage. The other portals are each a`,
    "small process that calls what routes and commands call, without Next around it; what people do is done through these,",
    "but for what is done at the command line.",
  ];
}

/** Trillionths as a decimal. */
function decimal(units: bigint): string {
  const text = String(units).padStart(13, "0");
  return `${text.slice(0, -12)}.${text.slice(-12)}`.replace(/\.?0+$/, "");
}
