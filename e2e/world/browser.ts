import type { LaunchOptions } from "@playwright/test";
import { ensureBrowser } from "#scripts/checks/browser.ts";

/** How the browser of the stories and of the tour is started. Chromium's own sandbox does not work for root. */
export async function launchOptions(): Promise<LaunchOptions> {
  const executablePath = await ensureBrowser();
  return {
    ...(executablePath ? { executablePath } : {}),
    chromiumSandbox: process.getuid?.() !== 0,
    args: [
      "--disable-gpu",
      "--disable-quic",
      "--disable-dev-shm-usage",
      "--disable-background-networking",
      "--disable-component-update",
    ],
  };
}
