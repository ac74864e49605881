import { writeAudit } from "../../access/audit.ts";
import { inTransaction } from "../../database/client.ts";
import { wake } from "../../database/wake.ts";
import { failed, ok, type Result } from "../../result.ts";
import { whyNot } from "./decision.ts";
import { foresee, type OperationFilter, type OperationKind } from "./operation.ts";
import {
  countAlike,
  findAlike,
  hasMovedSince,
  insertOperation,
  markAborted,
  newestMovement,
} from "./operation-store.ts";

const MOST_REASONS = 100;

export type OperationPreview = {
  matched: number;
  /** How many it would be carried out for. */
  done: number;
  /** Why others would be left alone, and the first hundred of them. */
  skipped: { reason: string; records: number }[];
  reasons: { id: string; reason: string }[];
  /** The newest movement that it knows of. */
  asOf: bigint;
};

type Asked = { kind: OperationKind; filter: OperationFilter };

/** Says what an operation would do, and changes nothing. */
export async function previewOperation({ kind, filter }: Asked): Promise<OperationPreview> {
  const asOf = await newestMovement();
  const groups = await countAlike(filter);
  const foreseen = foresee(kind, groups);
  const left = groups.filter((group) => whyNot({ kind }, group) !== null);
  const examples = left.length === 0 ? [] : await findAlike(filter, left, MOST_REASONS);
  const reasons = examples.flatMap(({ id, ...standing }) => {
    const reason = whyNot({ kind }, { ...standing, outcome: null });
    return reason === null ? [] : [{ id, reason }];
  });
  return { ...foreseen, reasons, asOf };
}

type By = { actor: string; now: Date };

/** Stores a decision about every record of a filter; the worker carries it out in chunks. Answers its id. */
export async function startOperation(request: Asked & By): Promise<string> {
  const asOf = await newestMovement();
  const { matched } = foresee(request.kind, await countAlike(request.filter));
  return store({ ...request, matched, asOf });
}

/**
 * The same as a person was shown it. `changed`: it would reach a record that they did not see so, and nothing is started.
 * Records that left meanwhile, billed above all, are no reason: a stop must not wait for the queue to stand still.
 */
export async function startShownOperation(
  request: Asked & By & { shown: Pick<OperationPreview, "done" | "asOf"> },
): Promise<Result<string, "changed">> {
  const { kind, filter, actor, now, shown } = request;
  const { matched, done } = foresee(kind, await countAlike(filter));
  if (done > shown.done || (await hasMovedSince(filter, shown.asOf))) return failed("changed");
  return ok(await store({ kind, filter, actor, now, matched, asOf: shown.asOf }));
}

function store(operation: Asked & By & { matched: number; asOf: bigint }): Promise<string> {
  const { kind, filter, actor, now, matched } = operation;
  return inTransaction(async (tx) => {
    const id = await insertOperation(tx, operation);
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
