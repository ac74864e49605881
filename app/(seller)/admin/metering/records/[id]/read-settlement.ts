import { type NotBilled, SETTLE_KINDS, type SettleKind } from "#components/record/settle-words.ts";
import type { TrailLine } from "#components/record/trail-panel.tsx";
import { listTrailOfRecord } from "#lib/metering/ledger/trail-views.ts";
import type { RecordDetail } from "#lib/metering/shapes.ts";
import { settleRecords } from "#lib/metering/submission/settle-records.ts";
import { findOpenSettlement, type OpenSettlement } from "#lib/metering/submission/settlement-views.ts";

export type SettlementFacts = { waiting: OpenSettlement | null; notBilled: NotBilled; trail: TrailLine[] };

/** What is known of a record to be confirmed, and what may be said of it now; null for any other record. */
export async function readSettlement(
  { id, state }: RecordDetail,
  by: { actor: string; now: Date },
): Promise<SettlementFacts | null> {
  if (state !== "unconfirmed") return null;
  const [waiting, trail, reach] = await Promise.all([
    findOpenSettlement(id),
    listTrailOfRecord(id),
    // Asked of the verb itself, by a preview that changes nothing and keeps no reason.
    settleRecords({
      ids: [id],
      form: { kind: "not_billed", reason: "asked by the page" },
      ...by,
      preview: true,
    }),
  ]);
  return { waiting, trail, notBilled: standingOf(reach, waiting) };
}

function standingOf(
  reach: Awaited<ReturnType<typeof settleRecords>>,
  waiting: OpenSettlement | null,
): NotBilled {
  const reason = reach.ok ? reach.value.skipped[0]?.reason : undefined;
  if (reason === "license_ended") return "license_ended";
  if (reason === "needs_second_person") return "own_word";
  return waiting === null ? "open" : "others_word";
}

/** What the address asks to say of the record. */
export function askedKind(asked: string | string[] | undefined): SettleKind | null {
  return SETTLE_KINDS.find((kind) => kind === asked) ?? null;
}
