import { inTransaction, type Tx } from "../../database/client.ts";
import { isClockRight } from "../clock-guard.ts";
import { endLate } from "./end-late.ts";
import { putBack } from "./outcome-store.ts";
import { findTooLate, lockRecords } from "./store.ts";

const CHUNK = 200;
const TOO_LATE = { code: "WindowClosed", message: "AWS's window for this hour closed before it was billed." };

/**
 * Ends the records whose last call has passed. One that AWS may have billed is never called too late; of one that another
 * program may have told a person has to say whether it did. Answers how many.
 */
export async function expireRecords(now: Date): Promise<number> {
  if (!(await isClockRight(now))) return 0;
  for (let expired = 0; ; ) {
    const chunk = await inTransaction((tx) => expireChunk(tx, now));
    expired += chunk;
    if (chunk < CHUNK) return expired;
  }
}

async function expireChunk(tx: Tx, now: Date): Promise<number> {
  const records = await lockRecords(tx, await findTooLate(tx, now, CHUNK));
  for (const record of records) {
    if (record.unanswered) await putBack(tx, record, { to: "unconfirmed", ...TOO_LATE }, now);
    else await endLate(tx, record, { ...TOO_LATE, now });
  }
  return records.length;
}
