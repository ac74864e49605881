// @ts-check
import path from "node:path";

/**
 * How npm is started: the npm that runs us, on the given Node; without one, the npm on PATH.
 * @param {string} node
 * @param {string[]} args
 * @returns {{ command: string, args: string[], shell: boolean }}
 */
export function npmCommand(node, args) {
  const running = process.env.npm_execpath;
  if (running && path.basename(running) === "npm-cli.js")
    return { command: node, args: [running, ...args], shell: false };
  return { command: "npm", args, shell: process.platform === "win32" };
}

/**
 * Our environment with the given Node first on PATH, so that whatever starts `node` gets the same one.
 * @param {string} node
 * @returns {NodeJS.ProcessEnv}
 */
export function environmentOn(node) {
  const name = Object.keys(process.env).find((key) => key.toUpperCase() === "PATH") ?? "PATH";
  return {
    ...process.env,
    [name]: [path.dirname(node), process.env[name]].filter(Boolean).join(path.delimiter),
  };
}
