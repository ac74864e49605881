import { writeAudit } from "../../access/audit.ts";
import { inTransaction } from "../../database/client.ts";
import { wake } from "../../database/wake.ts";
import { whyNot } from "./decision.ts";
import { foresee, type OperationFilter, type OperationKind } from "./operation.ts";
import { countAlike, findAlike, insertOperation, markAborted } from "./operation-store.ts";

const MOST_REASONS = 100;

export type OperationPreview = {
  matched: number;
  /** How many it would be carried out for. */
  done: number;
  /** Why others would be left alone, and the first hundred of them. */
  skipped: { reason: string; records: number }[];
  reasons: { id: string; reason: string }[];
};

type Asked = { kind: OperationKind; filter: OperationFilter };

/** Says what an operation would do, and changes nothing. */
export async function previewOperation({ kind, filter }: Asked): Promise<OperationPreview> {
  const groups = await countAlike(filter);
  const foreseen = foresee(kind, groups);
  const left = groups.filter((group) => whyNot({ kind }, group) !== null);
  const examples = left.length === 0 ? [] : await findAlike(filter, left, MOST_REASONS);
  const reasons = examples.flatMap(({ id, ...standing }) => {
    const reason = whyNot({ kind }, { ...standing, outcome: null });
    return reason === null ? [] : [{ id, reason }];
  });
  return { ...foreseen, reasons };
}

/** Stores a decision about every record of a filter; the worker carries it out in chunks. Answers its id. */
export async function startOperation(request: Asked & { actor: string; now: Date }): Promise<string> {
  const { kind, filter, actor, now } = request;
  const { matched } = foresee(kind, await countAlike(filter));
  return inTransaction(async (tx) => {
    const id = await insertOperation(tx, { kind, filter, actor, now, matched });
    await writeAudit(tx, {
      at: now,
      actor,
      action: `operation.${kind}`,
      subject: id,
      detail: { filter, matched },
    });
    await wake(tx);
    return id;
  });
}

/** Asks an operation to stop after the chunk it is at; what was done stays done. Answers whether it was running. */
export async function abortOperation(of: { id: string; actor: string; now: Date }): Promise<boolean> {
  return inTransaction(async (tx) => {
    if (!(await markAborted(tx, of))) return false;
    const { id, actor, now } = of;
    await writeAudit(tx, { at: now, actor, action: "operation.aborted", subject: id, detail: {} });
    await wake(tx);
    return true;
  });
}
