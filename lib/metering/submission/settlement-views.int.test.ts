import { expect } from "vitest";
import { businessNow } from "../../database/clock.ts";
import { unconfirmedRecord } from "../../testing/unconfirmed-record.ts";
import { test } from "../../testing/world-test.ts";
import { settleRecords, withdrawSettlement } from "./settle-records.ts";
import { findOpenSettlement, listOpenSettlements } from "./settlement-views.ts";

test("what waits for a second person is listed, the longest wait first, until it is settled or taken back", async ({
  world,
}) => {
  const license = await world.hasLicense();
  const first = await unconfirmedRecord(world, { license, quantity: "12", wasBilled: false });
  const second = await unconfirmedRecord(world, { license, quantity: "7", wasBilled: false });
  expect(await listOpenSettlements(10)).toEqual([]);
  expect(await findOpenSettlement(first)).toBeNull();

  const said = await says("ann", first);
  await world.passes(1);
  await says("ann", second);
  const waiting = {
    recordId: first,
    reason: "Not in CloudTrail anywhere",
    proposedBy: "ann",
    proposedAt: said.toISOString(),
    dimension: "gb_indexed",
    hour: "2027-01-15T12:00:00.000Z",
    quantity: "12",
    productName: "Halyard Vector Search",
  };
  expect(await findOpenSettlement(first)).toEqual(waiting);
  expect(await listOpenSettlements(10)).toEqual([waiting, expect.objectContaining({ recordId: second })]);
  expect(await listOpenSettlements(1)).toEqual([waiting]);

  await says("ben", first);
  expect(await findOpenSettlement(first)).toBeNull();
  await withdrawSettlement({ ids: [second], actor: "ann", now: await businessNow() });
  expect(await listOpenSettlements(10)).toEqual([]);
});

/** Says that AWS did not bill a record, and answers when. */
async function says(actor: string, id: string): Promise<Date> {
  const now = await businessNow();
  const form = { kind: "not_billed", reason: "Not in CloudTrail anywhere" } as const;
  const settled = await settleRecords({ ids: [id], form, actor, now });
  expect(settled).toMatchObject({ ok: true, value: { skipped: [] } });
  return now;
}
