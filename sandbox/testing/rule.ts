import { RULES } from "../rules/catalog.ts";
import type { OpenSandbox } from "./sandbox.ts";
import { test } from "./sandbox-test.ts";

/**
 * A test of one rule through the real wire: a call AWS takes and one it refuses, apart in nothing but the rule.
 * Its name is "rule 46: Usage is younger than 24 hours"; `docs/sandbox-rules.md` is written from these.
 */
export function rule(number: number, prove: (sandbox: OpenSandbox) => Promise<void>): void {
  const words = RULES.find((each) => each.number === number)?.words;
  if (words === undefined) throw new Error(`there is no rule ${number}`);
  test(`rule ${number}: ${words}`, ({ sandbox }) => prove(sandbox));
}
