import { existsSync } from "node:fs";
import path from "node:path";
import { addCounts, runStaticChecks } from "./check.ts";
import { ensureBrowser } from "./checks/browser.ts";
import { type Check, runCheck, sayStillRunning } from "./checks/check.ts";
import { browserCheck, databaseChecks } from "./checks/list.ts";
import type { Counts } from "./reporters/counts.ts";
import { ROOT } from "./root.ts";
import { runCommand } from "./run-command.ts";

/** What somebody set for their portal must not reach the tests: they bring their own of everything. */
const PORTAL_VARIABLES = [
  /^(PORTAL_MODE|HOST|PORT|SANDBOX_PORT|DATA_DIR|DATABASE_URL|APP_URL|PORTAL_URL|TRUST_PROXY|LOG_LEVEL)$/,
  /^(NEXTAUTH|AWS|SELLER|ADMIN|SANDBOX)_/,
  /^(BOOTSTRAP_API_KEY|EMBEDDED_WORKER|METRICS_TOKEN|ALERT_WEBHOOK_URL|NODE_ENV|NEXT_DIST_DIR)$/,
];

// npm test: every check there is. The closing line, alone on the last line, sums all of them up.
await runCommand(async () => {
  for (const name of Object.keys(process.env)) {
    if (PORTAL_VARIABLES.some((pattern) => pattern.test(name))) delete process.env[name];
  }
  const counts = [await runStaticChecks()];
  for (const check of databaseChecks()) counts.push(await runAlone(check));
  counts.push(await runBrowserTests());
  const { passed, failed } = addCounts(counts);
  console.log(`${passed} passed, ${failed} failed`);
  return failed ? 1 : 0;
});

async function runBrowserTests(): Promise<Counts> {
  if (!existsSync(path.join(ROOT, "playwright.config.ts"))) return { passed: 0, failed: 0 };
  try {
    return await runAlone(browserCheck(await ensureBrowser()));
  } catch (error) {
    console.log(`✗ end-to-end tests: ${error instanceof Error ? error.message : error}`);
    return { passed: 0, failed: 1 };
  }
}

async function runAlone(check: Check): Promise<Counts> {
  const quiet = sayStillRunning(() => [check.name]);
  try {
    return await runCheck(check);
  } finally {
    quiet();
  }
}
