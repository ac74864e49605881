import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { openWire } from "./checks/calls.ts";
import { noTotals } from "./checks/totals.ts";
import type { Mutant } from "./mutants.ts";
import { randomFrom } from "./random.ts";
import { type Pace, runRound, type Sums } from "./round.ts";
import { openStage } from "./stage.ts";
import { copyBuild, copyTree } from "./tree.ts";
import { count, makeWorld, type World } from "./world.ts";

export type Wishes = Pace & {
  rounds: number;
  /** After so long the next round is the last. */
  minutes: number;
  seed: string;
  workers: number;
  portals: number;
  /** The production build that real portals run from; null: there are only small ones. */
  build: string | null;
  mutant: Mutant | null;
  /** Keeps the folder, whatever was found. */
  keep: boolean;
};

export type Result = {
  seed: string;
  rounds: number;
  seconds: number;
  counts: Record<string, number>;
  sums: Sums;
  calls: number;
  mostInASecond: number;
  findings: string[];
  story: string[];
  /** Kept when something was found in a build that is not meant to be broken. */
  folder: string;
};

export const CALLS_OF_REAL = "calls of BatchMeterUsage in worlds where only real portals work";

/** With one that is dead there is another, and each can live through what the other does not. */
const REAL_PORTALS = 2;

/**
 * Who works: processes of their own, some of the real portals beside them, or real portals alone, as `npm run up` and a
 * single container have it. There are never more processes for it.
 */
function crewOf({ build, seed, workers }: Wishes): {
  workers: number;
  realPortals: number;
  withWorker: number;
} {
  if (!build) return { workers, realPortals: 0, withWorker: 0 };
  const withWorker = randomFrom(`${seed}/crew`).int(0, REAL_PORTALS);
  const apart = withWorker === REAL_PORTALS ? 0 : Math.max(1, workers - withWorker);
  return { workers: apart, realPortals: REAL_PORTALS, withWorker };
}

/** Runs rounds until one finds something. */
export async function torture(wishes: Wishes, say: (line: string) => void): Promise<Result> {
  const began = Date.now();
  const folder = mkdtempSync(path.join(tmpdir(), "portal-torture-"));
  const tree = path.join(folder, "tree");
  copyTree(tree, wishes.mutant);
  if (wishes.build) copyBuild(wishes.build, tree);
  const stage = await openStage({ folder, tree, portals: wishes.portals, ...crewOf(wishes) });
  const wire = openWire();
  let sums: Sums = { accepted: 0n, billed: noTotals() };
  let rounds = 0;
  let world: World | null = null;
  try {
    world = await makeWorld(stage, randomFrom(`${wishes.seed}/world`));
    for (let isLast = false; !isLast && world.findings.length === 0; ) {
      rounds++;
      isLast = rounds === wishes.rounds || Date.now() - began > wishes.minutes * 60_000;
      const since = Date.now();
      world.say(`round ${rounds}`);
      try {
        sums = await runRound(world, wire, { seed: `${wishes.seed}/${rounds}`, isLast }, wishes);
      } catch (error) {
        world.findings.push(error instanceof Error ? error.message : String(error));
      }
      if (wishes.mutant)
        world.findings = world.findings.filter((finding) => wishes.mutant?.shows.test(finding));
      for (const finding of world.findings) say(`round ${rounds}, ✗ ${finding}`);
      say(`round ${rounds}: ${Math.round((Date.now() - since) / 1000)} s, ${summary(world, sums)}`);
    }
  } finally {
    await stage.close();
  }
  if (stage.workers.length === 0) count(world, CALLS_OF_REAL, wire.calls);
  const { findings, counts, story } = world;
  if (!wishes.keep && (findings.length === 0 || wishes.mutant))
    rmSync(folder, { recursive: true, force: true });
  return {
    seed: wishes.seed,
    rounds,
    seconds: Math.round((Date.now() - began) / 1000),
    counts,
    sums,
    calls: wire.calls,
    mostInASecond: wire.mostInASecond,
    findings,
    story: story.slice(-40),
    folder,
  };
}

function summary(world: World, { billed }: Sums): string {
  const kills = Object.entries(world.counts).reduce(
    (n, [what, by]) => (what.startsWith("kills") ? n + by : n),
    0,
  );
  return `${world.eventsMade} events, ${kills} kills, billed ${billed.here.units} here and ${billed.atAws.units} at AWS, ${billed.unexplained.units} unexplained, ${world.findings.length} findings`;
}
