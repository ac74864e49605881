import { expect, type Locator } from "@playwright/test";

/** How somebody works a page. */
export type Hand = {
  /** Presses a button or follows a link. */
  presses(what: Locator): Promise<void>;
  writes(where: Locator, text: string): Promise<void>;
};

export const mouse: Hand = {
  presses: (what) => what.click(),
  writes: (where, text) => where.fill(text),
};

/** More stops than any page has. */
const MOST_STOPS = 100;

/** Tab and Enter alone, and only where one can see which part has the focus. */
export const keyboard: Hand = {
  presses: async (what) => {
    await tabTo(what);
    await what.page().keyboard.press("Enter");
  },
  writes: async (where, text) => {
    await tabTo(where);
    await where.page().keyboard.press("ControlOrMeta+a");
    await where.page().keyboard.type(text);
  },
};

async function tabTo(what: Locator): Promise<void> {
  await expect(what).toBeVisible();
  const { keyboard: keys } = what.page();
  for (let stops = 0; !(await hasFocus(what)); stops++) {
    if (stops === MOST_STOPS) throw new Error(`${what} cannot be reached with Tab`);
    await keys.press("Tab");
  }
  // A row's link draws its ring around the whole row, with ::after.
  const ring = await what.evaluate((element) =>
    [undefined, "::after"].some((part) => getComputedStyle(element, part).outlineStyle !== "none"),
  );
  expect(ring, `one can see that ${what} has the focus`).toBe(true);
}

const hasFocus = (what: Locator) => what.evaluate((element) => element === document.activeElement);
