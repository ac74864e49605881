import { expect, test } from "vitest";
import { SharedTurns, type TurnRules } from "./shared-turns.ts";

test("whoever comes while a turn runs travels in the next one, together with the others", async () => {
  const stage = staged();
  const answers = [1, 2, 3].map((wish) => stage.turns.ask(wish));
  expect(stage.begun).toEqual([[1]]);
  stage.finish();
  await stage.untilBegun(2);
  expect(stage.begun).toEqual([[1], [2, 3]]);
  stage.finish();
  expect(await Promise.all(answers)).toEqual(["did 1", "did 2", "did 3"]);
});

test("enough work starts a turn beside the one that runs, as many as may run at once", () => {
  const stage = staged({ weigh: (wish) => wish, worthATurn: 100, atOnce: 2 });
  for (const wish of [1, 60, 40, 200]) void stage.turns.ask(wish);
  expect(stage.begun).toEqual([[1], [60, 40]]);
});

test("a turn takes no more than it may, and one wish alone however large", () => {
  const stage = staged({ weigh: (wish) => wish, worthATurn: 1, atOnce: 9, most: 100 });
  for (const wish of [500, 70, 20, 60]) void stage.turns.ask(wish);
  expect(stage.begun).toEqual([[500], [70], [20], [60]]);
});

test("nobody is held up by a turn that is stuck", async () => {
  const stage = staged({ patienceMs: 0 });
  void stage.turns.ask(1);
  void stage.turns.ask(2);
  await stage.untilBegun(2);
  expect(stage.begun).toEqual([[1], [2]]);
});

test("what fails together is done alone, and only the culprit fails", async () => {
  const done: number[][] = [];
  const turns = new SharedTurns<number, string>({
    ...RULES,
    work: async (wishes) => {
      done.push(wishes);
      if (wishes.includes(3)) throw new Error("three");
      return wishes.map((wish) => `did ${wish}`);
    },
  });
  const answers = await Promise.allSettled([1, 2, 3, 4].map((wish) => turns.ask(wish)));
  expect(answers.map(({ status }) => status)).toEqual(["fulfilled", "fulfilled", "rejected", "fulfilled"]);
  expect(done).toEqual([[1], [2, 3, 4], [2], [3], [4]]);
});

const RULES = { weigh: () => 1, most: 1_000, atOnce: 3, worthATurn: 1_000, patienceMs: 60_000 };

/** Turns whose work ends when the test says so. */
function staged(rules: Partial<TurnRules<number, string>> = {}) {
  const begun: number[][] = [];
  const running: (() => void)[] = [];
  const watchers: { count: number; tell: () => void }[] = [];
  const turns = new SharedTurns<number, string>({
    ...RULES,
    ...rules,
    work: (wishes) => {
      begun.push(wishes);
      for (const { count, tell } of watchers) if (begun.length >= count) tell();
      return new Promise((resolve) => {
        running.push(() => resolve(wishes.map((wish) => `did ${wish}`)));
      });
    },
  });
  return {
    turns,
    begun,
    finish: () => running.shift()?.(),
    untilBegun: (count: number) => new Promise<void>((tell) => watchers.push({ count, tell })),
  };
}
