import { setTimeout as pause } from "node:timers/promises";
import { StartError } from "../start-error.ts";
import type { Child } from "./child.ts";

/**
 * Waits until an address answers 2xx. Says every few seconds that it still waits; a server that ends meanwhile, or
 * takes more than two minutes, is a `StartError`.
 */
export async function waitUntilReady(child: Child, address: string): Promise<void> {
  const began = Date.now();
  let [lastWord, ended] = [began, ""];
  void child.ended.then((how) => {
    ended = how;
  });
  for (;;) {
    const answer = await ask(address);
    if (answer === "ready") return;
    if (ended)
      throw new StartError(`The ${child.name} stopped while starting (${ended}); its last lines are above.`);
    if (Date.now() - began > 120_000)
      throw new StartError(`The ${child.name} does not get ready: ${address} says ${answer}`);
    if (Date.now() - lastWord > 3_000) {
      lastWord = Date.now();
      console.log(`  waiting for the ${child.name}, ${Math.round((lastWord - began) / 1000)} s (${answer})`);
    }
    await pause(100);
  }
}

async function ask(address: string): Promise<string> {
  try {
    const response = await fetch(address, { signal: AbortSignal.timeout(3_000) });
    await response.arrayBuffer();
    return response.ok ? "ready" : `status ${response.status}`;
  } catch {
    return "no answer yet";
  }
}
