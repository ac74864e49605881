import type { OfferedHands } from "#components/record/record-hands.tsx";
import type { RecordDetail } from "#lib/metering/shapes.ts";
import { decideRecords } from "#lib/metering/submission/decide-records.ts";
import { canMove, unitsOfRecord } from "../../move/read-move.ts";

const NONE: OfferedHands = {
  retry: false,
  hold: false,
  release: false,
  writeOff: false,
  move: false,
  unanswered: false,
};

/** What may be decided about a record now: asked of the verb itself, by a preview that changes nothing. */
export async function offeredHands(
  record: RecordDetail,
  by: { actor: string; now: Date },
): Promise<OfferedHands> {
  const { id, state } = record;
  switch (state) {
    case "sealed":
    case "rejected": {
      // What keeps a record from being held keeps it from being written off, too.
      const { skipped } = await decideRecords({
        ids: [id],
        decision: { kind: "hold" },
        ...by,
        preview: true,
      });
      const hold = skipped.length === 0;
      const unanswered = skipped.some(({ reason }) => reason === "unanswered");
      const move = state === "rejected" && (await canMove(unitsOfRecord(record), by));
      return { retry: true, hold, release: false, writeOff: hold, move, unanswered };
    }
    case "held": {
      const decision = { kind: "write_off", reason: "" } as const;
      const { done } = await decideRecords({ ids: [id], decision, ...by, preview: true });
      return { ...NONE, release: true, writeOff: done === 1 };
    }
    case "open":
    case "submitting":
    case "accepted":
    case "unconfirmed":
    case "expired":
    case "written_off":
      return NONE;
  }
}
