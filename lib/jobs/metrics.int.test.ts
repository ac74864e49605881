import { expect, vi } from "vitest";
import { listOpenAlerts } from "../outbox/views.ts";
import { test } from "../testing/world-test.ts";
import { readMetrics } from "./metrics.ts";
import { startWatching } from "./worker.ts";

test("metrics say what waits, until when, and what became of the calls", async ({ world }) => {
  expect(await linesOf()).toMatchObject({ portal_worker_alive: "0", portal_sending_paused: "0" });
  const license = await world.hasLicense();
  await world.uses(license, { quantity: 7 });
  await world.closesTheHour();
  await world.sandbox.faults({ unprocessed: { next: 1 } });
  await world.submits();
  const waiting = await linesOf();
  expect(waiting).toMatchObject({
    'portal_records_waiting{state="sealed"}': "1",
    'portal_submissions_24h{outcome="answered"}': "1",
  });
  expect(Number(waiting.portal_deadline_seconds)).toBeGreaterThan(0);
  await world.passes(60);
  await world.settles();
  const billed = await linesOf();
  expect(billed).toMatchObject({ 'portal_records_final_24h{state="accepted"}': "1" });
  expect(billed).not.toHaveProperty("portal_deadline_seconds");
  expect((await readMetrics()).text).not.toContain(license.customerAwsAccountId);
});

test("a portal whose worker stands apart says so when that one falls silent", async ({ world: _world }) => {
  const watching = startWatching(0);
  await vi.waitFor(
    async () => expect((await listOpenAlerts()).map(({ code }) => code)).toContain("worker.silent"),
    { timeout: 10_000 },
  );
  await watching.stop();
});

async function linesOf(): Promise<Record<string, string>> {
  const { text } = await readMetrics();
  const lines = text.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
  return Object.fromEntries(lines.map((line) => line.split(/ (?=[^ ]+$)/)));
}
