import { appendFileSync, existsSync, readFileSync } from "node:fs";
import path from "node:path";
import type { World } from "./world.ts";

/** A word that may stand nowhere but where it was handed to somebody. */
export type Secret = {
  what: "registration token" | "API key" | "password" | "made-up secret";
  value: string;
};

const fileOf = (world: World) => path.join(world.folder, "secrets.ndjson");

/** Notes a secret that a story has seen, for the search at the end. In a file: a failed story ends its process. */
export function rememberSecret(world: World, secret: Secret): void {
  appendFileSync(fileOf(world), `${JSON.stringify(secret)}\n`);
}

/** Every secret that the stories have seen so far, and those that the start made up. */
export function secretsOf(world: World): Secret[] {
  const noted = existsSync(fileOf(world)) ? readFileSync(fileOf(world), "utf8").trim().split("\n") : [];
  const made = readFileSync(path.join(world.variables.DATA_DIR ?? "", "secrets.json"), "utf8");
  return [
    { what: "password", value: world.admin.password },
    { what: "API key", value: world.apiKey },
    ...Object.values(JSON.parse(made) as Record<string, string>).map(
      (value): Secret => ({ what: "made-up secret", value }),
    ),
    ...noted.map((line) => JSON.parse(line) as Secret),
  ];
}
