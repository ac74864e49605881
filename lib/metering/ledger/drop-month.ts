import { writeAudit } from "../../access/audit.ts";
import { inTransaction } from "../../database/client.ts";
import { failed, ok, type Result } from "../../result.ts";
import { dropEvents, readClosedMonth } from "./month-store.ts";
import { recomputeMonth } from "./month-views.ts";

/**
 * Lets the raw events of a month go, for ever; its sums, records and movements stay. Only of a month whose sums were taken
 * and still agree with its events. An event of it that comes once more is too late then, no longer a duplicate.
 */
export async function dropMonth(of: {
  month: Date;
  actor: string;
  now: Date;
  preview: boolean;
}): Promise<Result<{ events: bigint; accepted: string }, "not_closed" | "already_dropped" | "does_not_fit">> {
  const { month, actor, now } = of;
  return inTransaction(async (tx) => {
    const closed = await readClosedMonth(tx, month);
    if (!closed) return failed("not_closed");
    if (!closed.isKept) return failed("already_dropped");
    const [misfit] = await recomputeMonth(month);
    if (misfit) return failed("does_not_fit", `${misfit.check}, ${misfit.subject}`);
    const { events, accepted } = closed;
    if (of.preview) return ok({ events, accepted });
    await dropEvents(tx, month);
    await writeAudit(tx, {
      at: now,
      actor,
      action: "month.dropped",
      subject: month.toISOString().slice(0, 7),
      detail: { events: Number(events), accepted },
    });
    return ok({ events, accepted });
  });
}
