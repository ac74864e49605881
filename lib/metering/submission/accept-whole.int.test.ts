import pg from "pg";
import { expect, onTestFinished, vi } from "vitest";
import { databaseUrl, db } from "../../database/client.ts";
import { businessNow } from "../../database/clock.ts";
import { asks, claims, sealed } from "../../testing/attempts.ts";
import { test } from "../../testing/world-test.ts";
import { acceptWhole, type WholeAnswer } from "./accept-whole.ts";
import type { ClaimedBatch } from "./claim-store.ts";
import { recordOutcome } from "./record-outcome.ts";

/** Another transaction's hand on a record, each time of another kind: what an answer must wait for, and then read anew. */
const HANDS = {
  "takes its lease back":
    "state = 'sealed', lease_id = NULL, lease_until = NULL, unanswered = true, next_attempt_at = now()",
  "sets it aside": "cohort_id = 'a cause'",
  "marks it": "suspect = true",
};

for (const [hand, change] of Object.entries(HANDS))
  test(`an answer that comes while somebody ${hand} waits for that, and its record is billed once`, async ({
    world,
  }) => {
    await sealed(world, { quantity: "12" });
    const batch = await claims();
    const returned = await asks(batch);
    const other = await transaction(`UPDATE queued_record SET ${change}`);
    const written = recordOutcome({ batch, returned, durationMs: 1, now: await businessNow() });
    await vi.waitFor(async () => expect(await waitingForLocks()).toBeGreaterThan(0), { timeout: 10_000 });
    await other.query("COMMIT");
    await written;
    expect(await world.records()).toMatchObject([{ state: "accepted", attempts: 1 }]);
    expect(await db().queuedRecord.count()).toBe(0);
    expect(await world.places()).toEqual({ billed: "12" });
    expect(await world.misfits()).toEqual([]);
  });

test("of answers that are written together one that is not plain changes nothing, and the others are written", async ({
  world,
}) => {
  await sealed(world, { quantity: "12" });
  await db().$executeRaw`UPDATE product_turn SET last_accepted_at = now()`;
  await db().$executeRaw`INSERT INTO submission_pace (region, next_start) VALUES ('us-east-1', now())`;
  const first = await claims();
  await sealed(world, { quantity: "5" });
  const second = await claims();
  await db().queuedRecord.updateMany({
    where: { leaseId: first.submissionId },
    data: { cohortId: "a cause" },
  });
  const answers = [await wholeAnswer(first), await wholeAnswer(second), await wholeAnswer(first)];
  expect(await Promise.all(answers.map(acceptWhole))).toEqual([false, true, false]);
  expect(await world.places()).toEqual({ billed: "5", waiting: "12" });
  expect(await db().submissionAnswer.findMany()).toMatchObject([{ submissionId: second.submissionId }]);
  expect(await acceptWhole(await wholeAnswer(second))).toBe(false);
  expect(await db().movement.count({ where: { toPlace: "billed" } })).toBe(1);
});

async function wholeAnswer(batch: ClaimedBatch): Promise<WholeAnswer> {
  const { submissionId, productCode, region, records } = batch;
  const lines = records.map(({ id }) => ({ recordId: id, status: "Success", meteringRecordId: `of ${id}` }));
  return {
    submissionId,
    productCode,
    region,
    lines,
    at: await businessNow(),
    durationMs: 1,
    awsRequestId: null,
  };
}

async function transaction(change: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: databaseUrl() });
  await client.connect();
  onTestFinished(async () => client.end());
  await client.query("BEGIN");
  await client.query(change);
  return client;
}

async function waitingForLocks(): Promise<number> {
  const [row] = await db().$queryRaw<{ n: number }[]>`
    SELECT count(*)::int AS n FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()`;
  return row?.n ?? 0;
}
