import { CALL_RULES } from "./call-rules.ts";
import { LIFE_RULES } from "./life-rules.ts";
import type { Rule } from "./rule.ts";

/** Every rule, by its number. */
export const RULES: readonly Rule[] = [...CALL_RULES, ...LIFE_RULES];

/** What a rule says; undefined when there is none of this number. */
export function ruleWords(number: string): string | undefined {
  return RULES.find((rule) => String(rule.number) === number)?.words;
}
