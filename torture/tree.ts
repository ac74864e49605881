import { cpSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { ROOT } from "#scripts/root.ts";
import type { Mutant } from "./mutants.ts";

/** What the tortured processes run from: a copy, so that work in the checkout, or a mutant's patch, disturbs nobody. */
const COPIED = ["lib", "worker", "cli", "torture", "prisma", "package.json"];

/** Copies the tree and applies a mutant's patch. Throws when a text the patch replaces is gone. */
export function copyTree(into: string, mutant: Mutant | null): void {
  for (const name of COPIED) cpSync(path.join(ROOT, name), path.join(into, name), { recursive: true });
  symlinkSync(path.join(ROOT, "node_modules"), path.join(into, "node_modules"));
  for (const { file, find, replace } of mutant?.patches ?? []) {
    const at = path.join(into, file);
    const text = readFileSync(at, "utf8");
    const parts = text.split(find);
    if (parts.length !== 2)
      throw new Error(
        `mutant ${mutant?.name}: found ${parts.length - 1} times instead of once in ${file}: ${find}`,
      );
    writeFileSync(at, parts.join(replace));
  }
}

/** Gives the tree a build of its own: the next one of the checkout would break servers that run from it. */
export function copyBuild(build: string, into: string): void {
  for (const name of [".next", "public", "next.config.js"])
    cpSync(path.join(build, name), path.join(into, name), { recursive: true });
}
