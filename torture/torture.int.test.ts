import { expect, test } from "vitest";
import { MUTANTS } from "./mutants.ts";
import { torture, type Wishes } from "./run.ts";

const SEED = process.env.TORTURE_SEED ?? "a fixed seed: the same decisions in every run";
const short: Wishes = {
  rounds: 2,
  minutes: 10,
  seed: SEED,
  workers: 2,
  portals: 2,
  build: null,
  rageMs: 5_000,
  calmMs: 3_000,
  walks: 8,
  restores: 0.3,
  floods: 0,
  favourite: null,
  mutant: null,
  keep: false,
};

test("two rounds of everything that can go wrong leave every unit in its place", {
  timeout: 180_000,
}, async () => {
  const { findings, sums } = await torture(short, () => undefined);
  expect(findings).toEqual([]);
  expect(sums.billed.here.units).toBeGreaterThan(0n);
});

for (const [number, mutant] of Object.entries(MUTANTS)) {
  test(`a build that ${mutant.name} is caught (mutant ${number})`, { timeout: 300_000 }, async () => {
    const { findings } = await torture(
      {
        ...short,
        rounds: 8,
        calmMs: 1_000,
        walks: 1,
        restores: 0,
        favourite: mutant.favourite ?? null,
        mutant,
      },
      () => undefined,
    );
    expect(findings).not.toEqual([]);
  });
}
