import { z } from "zod";
import { inTransaction } from "../../database/client.ts";
import { failed, ok, type Result } from "../../result.ts";
import { later } from "../hours.ts";
import { dayOf, shiftDay } from "./identity.ts";
import { MOST_EVENTS } from "./shapes.ts";
import { holdClosings, lockEvents, strikeEvents } from "./void-store.ts";

export const VoidRequest = z.strictObject({
  events: z
    .array(
      z.strictObject({
        id: z.string().min(1).max(200),
        source: z.string().max(200).optional(),
        occurredAt: z.iso.datetime({ offset: true }).optional(),
      }),
    )
    .min(1)
    .max(MOST_EVENTS),
});
export type VoidRequest = z.infer<typeof VoidRequest>;

export type VoidAnswer = { voided: number; already: number; unknown: { index: number; id: string }[] };

/**
 * Strikes events whose hour is not closed: all of them, or, when an hour of one is closed, none. An event is named as it
 * was sent: by id, source and time; without a time it is looked for two days back.
 */
export async function voidUsage(request: {
  events: VoidRequest["events"];
  now: Date;
}): Promise<Result<VoidAnswer, "hour_closed">> {
  const { events, now } = request;
  const names = events.map(({ id, source, occurredAt }, index) => {
    const today = dayOf(now);
    const days = occurredAt
      ? [dayOf(new Date(occurredAt))]
      : [0, -1, -2, 1].map((days) => shiftDay(today, days));
    return { index, id, source: source ?? "", days };
  });
  return inTransaction(async (tx) => {
    const found = await lockEvents(tx, names);
    const products = [...new Set(found.map((event) => event.productCode))];
    const licenses = [...new Set(found.map((event) => event.licenseId))];
    const closings = await holdClosings(tx, products, licenses);
    const epoch = new Date(0);
    const isClosed = (event: (typeof found)[number]) =>
      event.hour <
      later(
        closings.products.get(event.productCode) ?? epoch,
        closings.licenses.get(event.licenseId) ?? epoch,
      );
    const fresh = found.filter((event) => !event.isVoided);
    if (fresh.some(isClosed)) return failed("hour_closed");
    await strikeEvents(tx, fresh, now);
    const known = new Set(found.map((event) => event.index));
    const unknown = names.filter(({ index }) => !known.has(index)).map(({ index, id }) => ({ index, id }));
    return ok({ voided: fresh.length, already: found.length - fresh.length, unknown });
  });
}
