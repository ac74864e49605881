import { test as base } from "vitest";
import { openSandbox } from "./sandbox.ts";

/** A test that gets a sandbox of its own, fresh and at real time. */
export const test = base.extend("sandbox", async ({ task: _task }, { onCleanup }) => {
  const sandbox = await openSandbox();
  onCleanup(sandbox.close);
  return sandbox;
});
