import { readFileSync } from "node:fs";
import path from "node:path";
import { ROOT } from "../root.ts";
import { runCommand } from "../run-command.ts";

interface LockedPackage {
  integrity?: string;
  link?: boolean;
  resolved?: string;
  optionalDependencies?: Record<string, string>;
}

/**
 * What is wrong with a lock file. npm leaves out the optional packages of other platforms when it cannot get them:
 * `npm ci` then refuses the file, and macOS or Windows get no binaries. An address in it would tie it to one registry.
 */
export function lockFileProblems(packages: Record<string, LockedPackage>): string[] {
  return Object.entries(packages).flatMap(([place, entry]) => {
    const problems: string[] = [];
    if (place && !entry.integrity && !entry.link) problems.push(`${place} has no integrity`);
    if (entry.resolved)
      problems.push(`${place} names an address (npm install --omit-lockfile-registry-resolved)`);
    for (const name of Object.keys(entry.optionalDependencies ?? {})) {
      if (!isLocked(packages, place, name))
        problems.push(`${place || "the project"} lacks its optional ${name}`);
    }
    return problems;
  });
}

/** Looks for a package as Node does: beside its user, then in every node_modules above. */
function isLocked(packages: Record<string, LockedPackage>, user: string, name: string): boolean {
  for (let place = user; ; place = place.slice(0, Math.max(0, place.lastIndexOf("node_modules/") - 1))) {
    if (packages[`${place ? `${place}/` : ""}node_modules/${name}`]) return true;
    if (place === "") return false;
  }
}

if (import.meta.main) {
  await runCommand(async () => {
    const { packages } = JSON.parse(readFileSync(path.join(ROOT, "package-lock.json"), "utf8"));
    const problems = lockFileProblems(packages);
    console.log(
      problems.join("\n") || `${Object.keys(packages).length} packages, complete for every platform`,
    );
    return problems.length ? 1 : 0;
  });
}
