import { db } from "../../database/client.ts";
import type { OperationFilter, OperationKind, OperationView } from "./operation.ts";

/** An operation and how far it got; null when there is none. */
export async function findOperation(id: string): Promise<OperationView | null> {
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(id)) return null;
  const row = await db().operation.findUnique({ where: { id } });
  return row && viewOf(row);
}

/** The newest operations first. */
export async function listOperations(limit: number): Promise<OperationView[]> {
  const rows = await db().operation.findMany({ orderBy: { id: "desc" }, take: limit }); // ids begin with their time
  return rows.map(viewOf);
}

function viewOf(
  row: NonNullable<Awaited<ReturnType<ReturnType<typeof db>["operation"]["findUnique"]>>>,
): OperationView {
  const { id, actor, matched, done, skipped } = row;
  return {
    id,
    actor,
    matched,
    done,
    skipped,
    kind: row.kind as OperationKind,
    filter: row.filter as OperationFilter,
    reasons: row.reasons as OperationView["reasons"],
    state: row.finishedAt === null ? "running" : row.abortedAt === null ? "done" : "aborted",
    createdAt: row.createdAt.toISOString(),
    finishedAt: row.finishedAt?.toISOString() ?? null,
  };
}
