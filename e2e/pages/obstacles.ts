import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";

/** WCAG 2.2 AA and everything below it. */
const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];
const WIDTHS = [1440, 390];
const THEMES = ["light", "dark"] as const;
/** The narrowest a page may be asked to be: 1280 px at 400 % (WCAG 1.4.10). */
const NARROWEST = 320;

/**
 * Looks at the page that is open, on a desk and on a phone, in light and in dark, and names everything on it that would
 * keep somebody out.
 */
export async function obstaclesOn(page: Page): Promise<string[]> {
  const found: string[] = [];
  // No page has frames, so axe need not open a tab to gather what it found in each.
  const axe = new AxeBuilder({ page })
    .options({ resultTypes: ["violations"] })
    .withTags(RULES)
    .setLegacyMode();
  for (const colorScheme of THEMES) {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    for (const width of WIDTHS) {
      await page.setViewportSize({ width, height: 900 });
      await untilStill(page);
      const { violations } = await axe.analyze();
      for (const { id, nodes } of violations) {
        // A page that looks for news has no title in the moment in which it is drawn anew.
        if (id === "document-title" && (await page.title()) !== "") continue;
        const where = nodes.map(({ target, any }) => `${target.join(" ")} (${any[0]?.message ?? ""})`);
        found.push(`${colorScheme} ${width}: ${id}: ${where.join("; ")}`);
      }
    }
  }
  await page.setViewportSize({ width: NARROWEST, height: 800 });
  const overhang = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
  if (overhang > 0) found.push(`${NARROWEST}: scrolls sideways by ${overhang} px`);
  return found;
}

/** Colours on their way from one theme to the other are nobody's colours. */
async function untilStill(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const passing = document
      .getAnimations()
      .filter((each) => each.effect?.getComputedTiming().iterations !== Number.POSITIVE_INFINITY);
    await Promise.allSettled(passing.map((each) => each.finished));
  });
}
