import { defineConfig, devices } from "@playwright/test";
import { launchOptions } from "./e2e/world/browser.ts";

// The stories in a real browser, on one portal that the real start brings up (e2e/world). They share it and its clock,
// which only goes forward: one worker, one story after the other.
export default defineConfig({
  testDir: "e2e",
  globalSetup: "./e2e/world/global-setup.ts",
  fullyParallel: false,
  workers: 1,
  retries: 0,
  forbidOnly: Boolean(process.env.CI),
  reporter: "list",
  timeout: 60_000,
  expect: { timeout: 15_000 },
  outputDir: "test-results",
  use: {
    ...devices["Desktop Chrome"],
    viewport: { width: 1440, height: 900 },
    actionTimeout: 15_000,
    navigationTimeout: 20_000,
    trace: process.env.TRACE ? "retain-on-failure" : "off",
    launchOptions: await launchOptions(),
  },
  projects: [
    { name: "stories", testDir: "e2e/stories", teardown: "quiet logs" },
    { name: "pages", testDir: "e2e/pages" },
    // Runs when the others are done, whether they passed or not: it reads what all of them left behind.
    { name: "quiet logs", testDir: "e2e/quiet-logs" },
  ],
});
