import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { openSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { endWithUs } from "#scripts/launch/end-with-us.mjs";

type Reply = { id: number; value?: unknown; error?: string };
type Waiting = { resolve: (value: unknown) => void; reject: (error: Error) => void };

export type ActorSettings = {
  /** What Node is given to run it. */
  args: string[];
  cwd: string;
  folder: string;
  env: Record<string, string>;
  /** What answers once it is ready. Without one it says so. */
  address?: string;
};

/** A process of the torture: it is started, killed, frozen and started again. */
export class Actor {
  readonly name: string;
  /** How it ended although nobody killed it. One that gives up while it starts may have found no database: that is none. */
  readonly accidents: string[] = [];
  #child: ChildProcess | null = null;
  #waiting = new Map<number, Waiting>();
  #asked = 0;
  readonly #of: ActorSettings;

  constructor(name: string, of: ActorSettings) {
    this.name = name;
    this.#of = { ...of, env: { ...of.env } };
  }

  /** What it is told differently from its next start on. */
  setEnv(env: Record<string, string>): void {
    Object.assign(this.#of.env, env);
  }

  get isAlive(): boolean {
    return this.#child !== null;
  }

  /** Starts it, and waits until it is ready. False when it ended instead. */
  async start(): Promise<boolean> {
    if (this.#child) return true;
    const { args, cwd, folder, env, address } = this.#of;
    const log = openSync(path.join(folder, `${this.name}.log`), "a");
    const child = spawn(process.execPath, [...endWithUs(), ...args], {
      cwd,
      env: { PATH: process.env.PATH ?? "", NODE_ENV: "test", ...env },
      stdio: ["ignore", "pipe", log, "ipc"],
    });
    this.#child = child;
    let isReady = false;
    child.once("exit", (code, signal) => {
      if (this.#child === child) {
        this.#child = null;
        if (isReady || code !== 1) this.accidents.push(signal ?? `exit code ${code}`);
      }
      for (const { reject } of this.#waiting.values()) reject(new Error(`${this.name} is gone`));
      this.#waiting.clear();
    });
    child.on("message", (reply: Reply) => {
      const waiting = this.#waiting.get(reply.id);
      this.#waiting.delete(reply.id);
      if (reply.error === undefined) waiting?.resolve(reply.value);
      else waiting?.reject(new Error(reply.error));
    });
    isReady = await new Promise<boolean>((resolve) => {
      child.stdout?.on("data", (part: Buffer) => {
        if (!address && /ready|is open/.test(part.toString())) resolve(true);
      });
      child.once("exit", () => resolve(false));
      if (address) void untilAnswered(address, child).then(resolve);
    });
    return isReady;
  }

  /** Asks it something over its channel. Rejects when it dies, refuses or takes longer than that. */
  ask(verb: string, given: object, withinMs = 20_000): Promise<unknown> {
    const child = this.#child;
    if (!child?.connected) return Promise.reject(new Error(`${this.name} is not there`));
    const id = ++this.#asked;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#waiting.delete(id);
        reject(new Error(`${this.name} did not answer ${verb}`));
      }, withinMs);
      const settled =
        <Value>(then: (value: Value) => void) =>
        (value: Value) => {
          clearTimeout(timer);
          then(value);
        };
      this.#waiting.set(id, { resolve: settled(resolve), reject: settled(reject) });
      child.send({ id, verb, given }, (error) => {
        if (error) this.#waiting.get(id)?.reject(error);
      });
    });
  }

  /** SIGKILL: nothing is finished, nothing is said. */
  async kill(): Promise<boolean> {
    const child = this.#child;
    if (!child) return false;
    this.#child = null;
    const gone = once(child, "exit");
    child.kill("SIGKILL");
    await gone;
    return true;
  }

  signal(signal: "SIGSTOP" | "SIGCONT"): void {
    this.#child?.kill(signal);
  }
}

/** Asks until there is an answer, or nobody left to give one. */
async function untilAnswered(address: string, child: ChildProcess): Promise<boolean> {
  while (child.exitCode === null && child.signalCode === null) {
    const answer = await fetch(address, { signal: AbortSignal.timeout(2_000) }).catch(() => null);
    if (answer?.ok) return true;
    await sleep(100);
  }
  return false;
}
