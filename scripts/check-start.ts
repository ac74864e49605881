import { CASES, type Case, startAndStop } from "./check-start/cases.ts";
import { withOrdinaryUser } from "./check-start/ordinary-user.ts";
import { makePlace, type Place, placeForUser, removePlace } from "./check-start/place.ts";
import { sayStillRunning } from "./checks/check.ts";
import { runCommand } from "./run-command.ts";
import { StartError } from "./start-error.ts";

// npm run check:start: every way to start and to stop, on a fresh copy of the project below a folder of mode 700, with
// an empty home. One line per case.
let [passed, failed] = [0, 0];

await runCommand(async () => {
  if (process.platform !== "linux")
    throw new StartError("npm run check:start reads /proc and runs on Linux only.");
  const isRoot = process.getuid?.() === 0;
  console.log(`as ${isRoot ? "root" : "an ordinary user"}, below a folder that nobody else may enter:`);
  const place = await makePlace();
  try {
    for (const each of CASES) await play(each, place);
    if (isRoot) await withOrdinaryUser(async (user) => playAs(user, place));
    else console.log("– root: skipped, only root can");
  } finally {
    removePlace(place);
  }
  console.log(`${passed} passed, ${failed} failed`);
  return failed ? 1 : 0;
});

async function playAs(user: { uid: number; gid: number }, from: Place): Promise<void> {
  const place = await placeForUser(from, user);
  try {
    await play(startAndStop, place);
  } finally {
    removePlace(place);
  }
}

async function play({ name, play }: Case, place: Place): Promise<void> {
  const began = Date.now();
  const quiet = sayStillRunning(() => [name]);
  try {
    await play(place);
    passed++;
    console.log(`✓ ${name} ${((Date.now() - began) / 1000).toFixed(1)} s`);
  } catch (error) {
    failed++;
    console.log(`✗ ${name}: ${error instanceof Error ? error.message : error}`);
  } finally {
    quiet();
  }
}
