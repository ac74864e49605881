import { startWorld } from "./start-world.ts";
import { handOn } from "./world.ts";

/** Starts the run's one world, and answers how to end it. */
export default async function globalSetup(): Promise<() => Promise<void>> {
  const { world, stop } = await startWorld();
  handOn(world);
  return stop;
}
