import { expect } from "vitest";
import { db } from "../../database/client.ts";
import { test } from "../../testing/world-test.ts";
import { isEventCursor, listRecordEvents } from "./record-event-views.ts";

test("the events that a record counted are listed page by page, each once, without what was struck", async ({
  world,
}) => {
  const [license, other] = [await world.hasLicense(), await world.hasLicense()];
  const { licenseArn } = license;
  await db().product.updateMany({ data: { tagKeys: ["team"] } });
  const event = (id: string, quantity: string, more = {}) => ({
    ...{ id, licenseArn, dimension: "gb_indexed", quantity },
    ...more,
  });
  await world.ingests([event("b", "2"), event("a", "1.50", { tags: { team: "x" } }), event("c", "3")]);
  await world.ingests([event("a", "4", { source: "another" })]);
  await world.uses(other, { quantity: "9" });
  await world.closesTheHour();
  const [record] = await world.records({ licenseId: license.licenseId });
  const id = record?.id ?? "";

  const first = await listRecordEvents(id, { limit: 3 });
  const second = await listRecordEvents(id, { limit: 3, cursor: first.nextCursor ?? "" });
  const named = [...first.items, ...second.items].map(({ source, id: own, quantity }) => [
    source,
    own,
    quantity,
  ]);
  expect(named).toHaveLength(4);
  expect(named).toEqual(
    expect.arrayContaining([
      ["another", "a", "4"],
      [expect.any(String), "a", "1.5"],
      [expect.any(String), "b", "2"],
      [expect.any(String), "c", "3"],
    ]),
  );
  expect(first.items.find(({ quantity }) => quantity === "1.5")).toMatchObject({ tags: { team: "x" } });
  expect(second.nextCursor).toBeNull();
  expect(isEventCursor(first.nextCursor ?? "")).toBe(true);
  expect(isEventCursor("next")).toBe(false);
});
