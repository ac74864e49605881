// @ts-check
import { readFileSync } from "node:fs";
import path from "node:path";
import { parseEnv } from "node:util";
import { environmentOn } from "./npm.mjs";

/**
 * The environment of a script: ours, then what `.env` says, then, for the command line tool, what a running
 * `npm run up` filled in (so that `npm run portal -- …` works on the portal that runs here).
 * @param {string} root
 * @param {string} node
 * @param {string} script
 * @returns {NodeJS.ProcessEnv}
 */
export function targetEnvironment(root, node, script) {
  /** @type {Record<string, string | undefined>} */
  const env = {
    ...parseEnv(readIfThere(path.join(root, ".env"))),
    ...environmentOn(node),
    NEXT_TELEMETRY_DISABLED: "1",
    CHECKPOINT_DISABLE: "1",
  };
  const saysItself = env.DATABASE_URL || env.PORTAL_MODE;
  if (!script.startsWith("cli/") || saysItself) return /** @type {NodeJS.ProcessEnv} */ (env);
  const running = readIfThere(path.join(path.resolve(root, env.DATA_DIR || ".data"), "environment.json"));
  return { ...JSON.parse(running || "{}"), ...env };
}

/** @param {string} file */
function readIfThere(file) {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}
