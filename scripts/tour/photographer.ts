import { existsSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { Page } from "@playwright/test";

const DESK = { width: 1440, height: 900 };
const PHONE = { width: 390, height: 844 };
const THEMES = ["light", "dark"] as const;
const MARGIN = 24;

/** Takes a page on a desk and on a phone, in light and in dark, onto one sheet. */
export type Photographer = { takes(page: Page, name: string): Promise<void>; seconds(): number };

/** Puts the sheets into a folder, and counts the seconds it took, which are not the reader's. */
export function photographer(folder: string): Photographer {
  let spent = 0;
  return {
    seconds: () => spent,
    takes: async (page, name) => {
      const began = performance.now();
      const file = path.join(folder, `${name}.png`);
      if (existsSync(file)) throw new Error(`the tour takes ${name} twice`);
      const pictures: Picture[] = [];
      for (const viewport of [DESK, PHONE]) {
        for (const colorScheme of THEMES) {
          await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
          await page.setViewportSize(viewport);
          const png = await page.screenshot({ fullPage: true, animations: "disabled" });
          pictures.push({ width: viewport.width, png });
        }
      }
      await page.emulateMedia({ colorScheme: null, reducedMotion: null });
      await page.setViewportSize(DESK);
      writeFileSync(file, await tile(page, pictures));
      spent += (performance.now() - began) / 1000;
    },
  };
}

type Picture = { width: number; png: Buffer };

/** Lays the pictures side by side on a page of the same browser, and takes that. */
async function tile(page: Page, pictures: Picture[]): Promise<Buffer> {
  const sheet = await page.context().newPage();
  try {
    const width = pictures.reduce((sum, picture) => sum + picture.width + MARGIN, MARGIN);
    await sheet.setViewportSize({ width, height: 900 });
    const images = pictures.map(
      ({ width: wide, png }) => `<img width="${wide}" src="data:image/png;base64,${png.toString("base64")}">`,
    );
    await sheet.setContent(
      `<body style="margin:${MARGIN}px;display:flex;gap:${MARGIN}px;align-items:flex-start;background:#888">${images.join("")}`,
      { waitUntil: "load" },
    );
    return await sheet.screenshot({ fullPage: true });
  } finally {
    await sheet.close();
  }
}
