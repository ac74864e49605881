import { writeAudit } from "../../access/audit.ts";
import { inTransaction, type Tx } from "../../database/client.ts";
import { failed, ok, type Result } from "../../result.ts";
import { isReason } from "./decision.ts";
import { writeOff } from "./hand-store.ts";
import { accept } from "./outcome-store.ts";
import { confirm, giveBack, lockProposals, propose, withdraw } from "./settle-store.ts";
import { type Judgement, judge, type SettlementForm, type Speaker } from "./settlement.ts";
import { lockRecords, type QueueState } from "./store.ts";

/** `proposed` wait for a second person, who says the same. */
export type SettleResult = { done: number; proposed: number; skipped: { id: string; reason: string }[] };

type By = Speaker & { now: Date };

/**
 * Settles records that AWS may have billed, by what people found out. Twice, or in two tabs, is the same as once. What is
 * said is kept with its reason. With `preview` it only says what would happen.
 */
export async function settleRecords(
  request: { ids: string[]; form: SettlementForm; preview?: boolean } & By,
): Promise<Result<SettleResult, "reason_too_short">> {
  const { form } = request;
  if (!isReason(form.reason)) return failed("reason_too_short", "Say why in three words or more.");
  const ids = [...new Set(request.ids)];
  return inTransaction(async (tx) => {
    const found = new Map((await lockRecords(tx, ids)).map((record) => [record.recordId, record]));
    const proposals = new Map((await lockProposals(tx, ids)).map((one) => [one.recordId, one.proposedBy]));
    const result: SettleResult = { done: 0, proposed: 0, skipped: [] };
    for (const id of ids) {
      const record = found.get(id);
      const judged = judge(form, record && { ...record, proposedBy: proposals.get(id) ?? null }, request);
      count(result, id, judged);
      if (record && judged.verdict !== "skip" && !request.preview)
        await settle(tx, record, judged.verdict, request);
    }
    return ok(result);
  });
}

/** Takes back a word that still waits for a second person. Answers how many records it concerned. */
export async function withdrawSettlement(request: {
  ids: string[];
  actor: string;
  now: Date;
}): Promise<number> {
  const { actor, now } = request;
  return inTransaction(async (tx) => {
    let withdrawn = 0;
    for (const { recordId } of await lockProposals(tx, request.ids)) {
      withdrawn += await withdraw(tx, recordId);
      await writeAudit(tx, { at: now, actor, action: "settlement.withdrawn", subject: recordId, detail: {} });
    }
    return withdrawn;
  });
}

function count(result: SettleResult, id: string, judged: Judgement): void {
  if (judged.verdict === "carry_out") result.done++;
  if (judged.verdict === "propose") result.proposed++;
  if (judged.verdict === "skip") result.skipped.push({ id, reason: judged.reason });
}

async function settle(
  tx: Tx,
  record: QueueState,
  verdict: "carry_out" | "propose",
  said: { form: SettlementForm } & By,
): Promise<void> {
  const { form, actor, now } = said;
  const { kind, reason } = form;
  const receipt = form.kind === "billed" ? (form.receipts[record.recordId] ?? null) : null;
  const word = { kind, reason, receipt, actor, now };
  const action = verdict === "propose" ? "settlement.proposed" : `settlement.${kind}`;
  const detail = receipt ? { reason, receipt } : { reason };
  await writeAudit(tx, { at: now, actor, action, subject: record.recordId, detail });
  if (verdict === "propose") {
    await propose(tx, record.recordId, word);
    return;
  }
  if (await confirm(tx, record.recordId, word)) {
    const gaveWay = { at: now, actor, action: "settlement.withdrawn", subject: record.recordId };
    await writeAudit(tx, { ...gaveWay, detail: { gaveWayTo: kind } });
  }
  if (kind === "written_off") await writeOff(tx, record, { reason, actor, now });
  else if (kind === "not_billed") await giveBack(tx, record, { reason, actor, now });
  else if (receipt) {
    const evidence = { code: "SettledByHand", message: reason, actor };
    await accept(tx, record, { meteringRecordId: receipt, submissionId: null, now, evidence });
  }
}
