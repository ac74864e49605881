import { test as base } from "vitest";
import { openWorld } from "./world.ts";

/** A test that gets a portal and a sandbox of its own. */
export const test = base.extend("world", async ({ task: _task }, { onCleanup }) => {
  const world = await openWorld();
  onCleanup(world.close);
  return world;
});
