import { readFileSync } from "node:fs";
import type { Secret } from "../world/secrets.ts";
import type { World } from "../world/world.ts";
import { formsOf } from "./forms-of.ts";

/** Something the run left behind, as text. */
export type Trace = { where: string; text: string };

/** What was found where; the secret itself is not repeated. */
export function findings(secrets: Secret[], traces: Trace[]): string[] {
  return secrets.flatMap(({ what, value }) => {
    const forms = formsOf(value);
    const hits = traces.filter(({ text }) => forms.some((form) => text.includes(form)));
    return hits.map(({ where }) => `${what} ${value.slice(0, 5)}… in ${where}`);
  });
}

/** Every line the run has printed so far. */
export function output(world: World): Trace {
  return { where: "the output", text: readFileSync(world.output, "utf8") };
}
