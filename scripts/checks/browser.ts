import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { chromium } from "@playwright/test";
import { runStep } from "../launch/step.mjs";
import { ROOT } from "../root.ts";

const SYSTEM_BROWSERS = [
  "/usr/bin/chromium-headless-shell", // starts twice as fast as the whole browser
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome-stable",
  "/usr/bin/google-chrome",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
  "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe",
];

/**
 * Makes sure that there is a Chromium for the end-to-end tests and returns its path; undefined means Playwright's own.
 * In this order: CHROMIUM_PATH, Playwright's own, one of the system's, Debian's package (as root), Playwright's download.
 */
export async function ensureBrowser(): Promise<string | undefined> {
  const found = findBrowser();
  if (found) return found.path;
  if (process.getuid?.() === 0 && existsSync("/usr/bin/apt-get")) await installFromDebian();
  else await downloadPlaywrights();
  const installed = findBrowser();
  if (!installed)
    throw new Error("no browser was found after installing one; set CHROMIUM_PATH to a Chromium of yours");
  return installed.path;
}

function findBrowser(): { path: string | undefined } | undefined {
  const given = process.env.CHROMIUM_PATH;
  if (given) return { path: given };
  if (existsSync(chromium.executablePath())) return { path: undefined };
  const system = SYSTEM_BROWSERS.find((file) => existsSync(file));
  return system ? { path: system } : undefined;
}

async function installFromDebian(): Promise<void> {
  const options = { cwd: ROOT, env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" } };
  await runStep("Reading Debian's list of packages", "apt-get", ["update", "-qq"], options);
  // Debian has the small headless one, Ubuntu's `chromium` package is only a pointer to a snap.
  const known = spawnSync("apt-cache", ["show", "chromium-headless-shell"], { stdio: "ignore" }).status === 0;
  if (!known) return downloadPlaywrights();
  const packages = ["chromium-headless-shell", "fonts-dejavu-core"];
  await runStep(
    "Installing a browser",
    "apt-get",
    ["install", "-y", "-qq", "--no-install-recommends", ...packages],
    options,
  );
}

async function downloadPlaywrights(): Promise<void> {
  const manifest = createRequire(import.meta.url).resolve("@playwright/test/package.json");
  const command = path.join(path.dirname(manifest), "cli.js");
  const withLibraries = process.getuid?.() === 0 ? ["--with-deps"] : [];
  const args = [command, "install", ...withLibraries, "--only-shell", "chromium"];
  await runStep("Downloading a browser", process.execPath, args, { cwd: ROOT, env: process.env });
}
