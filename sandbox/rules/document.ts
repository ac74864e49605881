import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { CHOICES } from "../state/switches.ts";
import { RULES } from "./catalog.ts";
import type { Rule } from "./rule.ts";

/** Where the list of rules stands. */
export const DOCUMENT = fileURLToPath(new URL("../../docs/sandbox-rules.md", import.meta.url));

const HERE = fileURLToPath(new URL(".", import.meta.url));

/** The list of rules as Markdown: each with the test that proves it, its source, and the switches that bend it. */
export function rulesDocument(): string {
  const tests = testsOfRules();
  const proven = RULES.filter(({ number }) => tests.has(number)).length;
  const resting = RULES.filter(({ isAssumed }) => isAssumed).length;
  return `# What the sandbox keeps of AWS's rules

Written by \`node sandbox/rules/write-document.ts\` from the rules and their tests; \`npm test\` fails when it is out of date.

${proven} of ${RULES.length} rules have a test through the real wire: one call AWS takes and one it refuses. ${resting} rest, wholly or in their error code, on an assumption: no source of AWS's says it. Those are marked, and can be taken otherwise: by the switch that is named, or by another error code, \`PUT /_sandbox/switches {"codes": {"34": "SerializationException"}}\`.

| rule | says | test | source | switch (default first) |
|---|---|---|---|---|
${RULES.map((rule) => row(rule, tests.get(rule.number))).join("\n")}

## Switches

\`GET /_sandbox/switches\` says how they stand, \`PUT\` moves those that are named, \`DELETE\` puts all back.

| switch | values (default first) | rules | what it is about |
|---|---|---|---|
${Object.entries(CHOICES)
  .map(
    ([name, { values, rules, words }]) =>
      `| \`${name}\` | ${code(values)} | ${rules.join(", ")} | ${words} |`,
  )
  .join("\n")}

Numbers beside them: \`deliveryDelaySeconds\`, \`deliveryLoss\` (0–1), \`deprovisionAfterSeconds\`, \`entitlementsAfterSeconds\`, \`seed\` (what chance decides, repeats).
`;
}

function row({ number, words, source, isAssumed }: Rule, test: string | undefined): string {
  const switches = Object.entries(CHOICES)
    .filter(([, { rules }]) => (rules as readonly number[]).includes(number))
    .map(([name, { values }]) => `\`${name}\`: ${code(values)}`);
  const bends = switches.length === 0 && isAssumed ? [`\`codes.${number}\``] : switches;
  const says = `${words}${isAssumed ? " **(assumption)**" : ""}`;
  return `| ${number} | ${says} | ${test ? `\`${test}\`` : "none"} | ${source} | ${bends.join("; ")} |`;
}

function code(values: readonly string[]): string {
  return values.map((value) => `\`${value}\``).join(" ");
}

/** Which test file proves which rule, by its `rule(46, …)`. */
function testsOfRules(): Map<number, string> {
  const found = new Map<number, string>();
  for (const file of readdirSync(HERE)
    .filter((name) => name.endsWith(".test.ts"))
    .toSorted()) {
    const text = readFileSync(`${HERE}${file}`, "utf8");
    for (const [, number] of text.matchAll(/^\s*rule\((\d+),/gm))
      found.set(Number(number), `sandbox/rules/${file}`);
  }
  return found;
}
