import { runCheck, sayStillRunning } from "./checks/check.ts";
import { staticChecks } from "./checks/list.ts";
import type { Counts } from "./reporters/counts.ts";
import { runCommand } from "./run-command.ts";

/** npm run check: the inner loop. Everything at once, one line each. */
export async function runStaticChecks(): Promise<Counts> {
  const checks = staticChecks();
  const running = new Set(checks.map((check) => check.name));
  const quiet = sayStillRunning(() => [...running]);
  const counts = await Promise.all(
    checks.map(async (check) => {
      const result = await runCheck(check);
      running.delete(check.name);
      return result;
    }),
  );
  quiet();
  return addCounts(counts);
}

export function addCounts(all: Counts[]): Counts {
  const sum = (pick: (counts: Counts) => number) => all.reduce((total, each) => total + pick(each), 0);
  return { passed: sum((each) => each.passed), failed: sum((each) => each.failed) };
}

if (import.meta.main) {
  await runCommand(async () => {
    const { passed, failed } = await runStaticChecks();
    console.log(`${passed} passed, ${failed} failed`);
    return failed ? 1 : 0;
  });
}
