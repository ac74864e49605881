import { mkdirSync, rmSync } from "node:fs";
import path from "node:path";
import { chromium } from "@playwright/test";
import { launchOptions } from "../e2e/world/browser.ts";
import { startWorld } from "../e2e/world/start-world.ts";
import { ROOT } from "./root.ts";
import { runCommand } from "./run-command.ts";
import { photographer } from "./tour/photographer.ts";
import { playTour } from "./tour/play-tour.ts";

// npm run tour: the three minutes of a newcomer, played on the real start by clicking what is on the screen. Prints each
// step with its seconds, and leaves one sheet per page in tour/.
await runCommand(async () => {
  const folder = path.join(ROOT, "tour");
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
  console.log("Starting a portal for the tour (npm run up) …");
  const { world, ready, stop } = await startWorld();
  console.log(ready);
  try {
    const browser = await chromium.launch(await launchOptions());
    try {
      await playTour({ browser, world, camera: photographer(folder) });
    } finally {
      await browser.close();
    }
  } finally {
    await stop();
  }
  console.log(`sheets: ${path.relative(process.cwd(), folder) || folder}/`);
  return 0;
});
