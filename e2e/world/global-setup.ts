import { findings, output } from "../quiet-logs/search.ts";
import { secretsOf } from "./secrets.ts";
import { startWorld } from "./start-world.ts";
import { handOn, type World } from "./world.ts";

/** Starts the run's one world, and answers how to end it. */
export default async function globalSetup(): Promise<() => Promise<void>> {
  const { world, stop } = await startWorld();
  handOn(world);
  return () => stop(expectQuietEnd);
}

/** The stories have searched everything up to here; the last lines come with the stop. */
function expectQuietEnd(world: World): void {
  const found = findings(secretsOf(world), [output(world)]);
  if (found.length > 0) throw new Error(`while stopping: ${found.join(", ")}`);
}
