import { readFileSync } from "node:fs";
import path from "node:path";
import { ROOT } from "#scripts/root.ts";
import { expect, test } from "../fixtures.ts";
import type { World } from "../world/world.ts";
import { obstaclesOn } from "./obstacles.ts";
import { PORTAL_VISITS } from "./portal-visits.ts";
import { REGISTRATION_VISITS } from "./registration-visits.ts";
import { SANDBOX_VISITS } from "./sandbox-visits.ts";

test("every page that the build lists has a visit, and every visit is of a page that it lists", ({
  world,
}) => {
  const visited = new Set(PORTAL_VISITS.map(({ route }) => route));
  expect([...visited].toSorted()).toEqual(pagesOfBuild(world));
});

for (const { room, visits } of [
  { room: "portal", visits: PORTAL_VISITS },
  { room: "portal", visits: REGISTRATION_VISITS },
  { room: "sandbox", visits: SANDBOX_VISITS },
]) {
  for (const { route, state, open, leave } of visits) {
    test(`${room} ${route}: ${state}`, async ({ world, buyer, seller, portal, sandbox }) => {
      const cast = { world, buyer, seller, portal, sandbox };
      try {
        expect(await obstaclesOn(await open(cast))).toEqual([]);
      } finally {
        await leave?.(cast);
      }
    });
  }
}

test("what would keep somebody out is found: a field without a name, faint words, a part that is too wide", async ({
  page,
}) => {
  await page.setContent(`<html lang="en"><title>A page</title><main>
    <input><p style="color:#bbb;background:#fff">faint</p><p style="width:330px">wide</p></main></html>`);
  const found = (await obstaclesOn(page)).join("\n");
  for (const obstacle of ["label", "color-contrast", "scrolls sideways"]) expect(found).toContain(obstacle);
});

/** The addresses of the pages that Next built; its list holds routes without a page too. */
function pagesOfBuild({ variables }: World): string[] {
  const file = path.join(ROOT, variables.NEXT_DIST_DIR ?? "", "app-path-routes-manifest.json");
  const routes = JSON.parse(readFileSync(file, "utf8")) as Record<string, string>;
  return Object.entries(routes)
    .filter(([source]) => source.endsWith("/page"))
    .map(([, address]) => address)
    .toSorted();
}
