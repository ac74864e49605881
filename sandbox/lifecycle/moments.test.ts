import { expect } from "vitest";
import { NOON } from "../testing/sandbox.ts";
import { test } from "../testing/sandbox-test.ts";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

test("what comes next is listed in its order: hours, tokens, the month's last minutes, ends", async ({
  sandbox,
}) => {
  await sandbox.subscribe({ termDays: 10 });
  await sandbox.subscribe({ offer: "free_trial", trialDays: 7 });
  const moments = async () =>
    ((await sandbox.door("GET", "/_sandbox/moments")).json as { items: { at: string; words: string }[] })
      .items;
  const next = await moments();
  expect(next.map(({ words }) => words)).toEqual([
    "End of this hour",
    "A registration token expires",
    "A free trial ends",
    "A contract ends",
    "A minute before the month’s books close",
    "The month’s books close",
  ]);
  expect(next.slice(-2).map(({ at }) => at)).toEqual([
    "2027-02-01T05:59:00.000Z",
    "2027-02-01T06:00:00.000Z",
  ]);
  await sandbox.setClock(NOON + 10 * DAY + HOUR / 2);
  expect((await moments()).map(({ words }) => words)).toContain("The last hour of metering is over");
  await sandbox.setClock(Date.UTC(2027, 1, 1, 5, 59, 30));
  expect((await moments())[0]).toMatchObject({
    words: expect.stringMatching(/End of this hour|The month’s books close/),
    at: "2027-02-01T06:00:00.000Z",
  });
});
