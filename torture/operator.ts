import { execFile } from "node:child_process";
import path from "node:path";

/** On a machine that others use too. */
const MOST_MS = 60_000;

/** A person at the command line: each command is a process of its own, as `npm run portal -- …` starts it. */
export class Operator {
  readonly #cwd: string;
  readonly #env: Record<string, string>;

  constructor(of: { cwd: string; env: Record<string, string> }) {
    this.#cwd = of.cwd;
    this.#env = { ...of.env };
  }

  /** What the next command is told differently. */
  setEnv(env: Record<string, string>): void {
    Object.assign(this.#env, env);
  }

  /** Answers what was printed. Rejects when it ends with an error and prints nothing but that. */
  run(...words: string[]): Promise<string> {
    const { promise, resolve, reject } = Promise.withResolvers<string>();
    const options = {
      cwd: this.#cwd,
      env: { PATH: process.env.PATH ?? "", ...this.#env, NODE_ENV: "test" as const },
      timeout: MOST_MS,
      killSignal: "SIGKILL" as const,
      maxBuffer: 16 * 1024 * 1024,
    };
    execFile(
      process.execPath,
      [path.join(this.#cwd, "cli/main.ts"), ...words],
      options,
      (error, printed, problem) => {
        if (error && printed === "")
          reject(new Error(`portal ${words[0]}: ${problem.trim() || error.message}`));
        else resolve(printed);
      },
    );
    return promise;
  }
}
