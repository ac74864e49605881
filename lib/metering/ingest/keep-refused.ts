import { createHash } from "node:crypto";
import { db } from "../../database/client.ts";
import { addHours } from "../hours.ts";
import { deleteOldRefused, insertRefused } from "./refused-store.ts";
import type { Refusal } from "./shapes.ts";

/** An event that could be counted is shorter than this; what is longer is kept for people to see its beginning. */
const MOST_CHARACTERS = 16_384;
/** At most this many refused events are kept, and for this long. */
const MOST_KEPT = 100_000;
const KEPT_DAYS = 14;
const COUNTED_HOURS = 48;

/**
 * Keeps what a request was refused, as it was sent, so that people see it and can replay it. A request with nothing refused
 * costs nothing. `rejected` names events by their index in `events`.
 */
export async function keepRefused(refused: {
  events: readonly unknown[];
  rejected: readonly Refusal[];
  now: Date;
}): Promise<void> {
  if (refused.rejected.length === 0) return;
  const rows = refused.rejected.map(({ index, code, message }) => {
    const text = JSON.stringify(refused.events[index]) ?? "null";
    const contentKey = Buffer.from(createHash("sha256").update(text).digest());
    const isWhole = text.length <= MOST_CHARACTERS;
    return {
      contentKey,
      raw: stored(text.slice(0, MOST_CHARACTERS)),
      isWhole,
      code,
      message: stored(message),
    };
  });
  await insertRefused(db(), rows, refused.now);
}

/** Bounds what is kept: the newest hundred thousand of the last fourteen days. Answers how many were forgotten. */
export async function sweepRefused(now: Date): Promise<number> {
  const [before, counts] = [addHours(now, -24 * KEPT_DAYS), addHours(now, -COUNTED_HOURS)];
  return deleteOldRefused({ most: MOST_KEPT, before, counts });
}

/** PostgreSQL stores neither NUL nor half characters. */
function stored(text: string): string {
  return text.replaceAll("\0", "\u{fffd}").toWellFormed();
}
