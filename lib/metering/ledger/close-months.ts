import { inTransaction } from "../../database/client.ts";
import { nextMonth, sumMonth, takeMonths } from "./month-store.ts";

/**
 * Takes the sums of every month that is over for good, so that reconcile needs its raw events no more and its partition
 * may be dropped. Answers how many months.
 */
export async function closeMonths(now: Date): Promise<number> {
  for (let closed = 0; ; closed++) {
    const isDone = await inTransaction(async (tx) => {
      if (!(await takeMonths(tx))) return true;
      const month = await nextMonth(tx, now);
      if (month === null) return true;
      await sumMonth(tx, month, now);
      return false;
    });
    if (isDone) return closed;
  }
}
