import { z } from "zod";
import type { SandboxSettings } from "../env.ts";

/** The portal walks everything that falls due, and answers 202 by itself when that takes more than a minute. */
const PATIENCE_MS = 90_000;

export type PortalAnswer = { ok: true; finished: boolean } | { ok: false; said: string };

export type PortalDoors = {
  moveClock(move: { to: "hour-closed" } | { advanceSeconds: number }): Promise<PortalAnswer>;
  reset(): Promise<PortalAnswer>;
};

/** The doors of the portal that started this sandbox; undefined when it was started alone. */
export function portalDoors(settings: SandboxSettings): PortalDoors | undefined {
  const { portalUrl, doorKey } = settings;
  if (!portalUrl || !doorKey) return undefined;
  const ask = (path: string, body: object) => askPortal(`${portalUrl}${path}`, doorKey, body);
  return {
    moveClock: (move) => ask("/api/v1/sandbox/clock", move),
    reset: () => ask("/api/v1/sandbox/reset", {}),
  };
}

const Problem = z.object({ title: z.string().optional(), detail: z.string().optional() });

async function askPortal(url: string, key: string, body: object): Promise<PortalAnswer> {
  try {
    const answer = await fetch(url, {
      method: "POST",
      headers: { "content-type": "application/json", authorization: `Bearer ${key}` },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    const text = await answer.text();
    if (answer.ok) return { ok: true, finished: answer.status !== 202 };
    return { ok: false, said: `The portal answered ${answer.status}${reasonIn(text)}.` };
  } catch {
    return { ok: false, said: `The portal does not answer at ${new URL(url).origin}.` };
  }
}

/** The portal explains itself in problem+json; anything else is left out. */
function reasonIn(text: string): string {
  try {
    const problem = Problem.safeParse(JSON.parse(text));
    const words = problem.success ? (problem.data.detail ?? problem.data.title) : undefined;
    return words ? `: ${words.replace(/\.+$/, "")}` : "";
  } catch {
    return "";
  }
}
