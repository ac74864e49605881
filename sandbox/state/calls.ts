import type { Database } from "./database.ts";
import type { FaultName } from "./faults.ts";

/** One call of the wire as it was kept. */
export type Call = {
  id: number;
  at: number;
  operation: string;
  region: string | null;
  /** Null when the caller never got an answer. */
  status: number | null;
  error: string | null;
  /** The rule that refused it, as numbered in the list of rules. */
  rule: string | null;
  fault: FaultName | null;
  /** `amz-sdk-invocation-id`: the SDK's own retries of one call share it. */
  invocationId: string | null;
  requestId: string;
  request: string;
  response: string | null;
};
type NewCall = Omit<Call, "id">;

const KEPT_CALLS = 10_000;
const FORGET_EVERY = 100;

const COLUMNS = `id, at, operation, region, status, error, rule, fault, invocation_id AS invocationId,
  request_id AS requestId, request, response`;

/**
 * Keeps a call; the oldest beyond the newest 10 000 are forgotten. Calls that are answered in one transaction are
 * written at its end, in their order.
 */
export function keepCall(db: Database, call: NewCall): void {
  db.putOff(writeCalls, call);
}

function writeCalls(db: Database, calls: readonly NewCall[]): void {
  let id = 0;
  for (const call of calls) {
    const kept = db.get<{ id: number }>(
      `INSERT INTO calls (at, operation, region, status, error, rule, fault, invocation_id, request_id, request,
         response) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id`,
      call.at,
      call.operation,
      call.region,
      call.status,
      call.error,
      call.rule,
      call.fault,
      call.invocationId,
      call.requestId,
      call.request,
      call.response,
    );
    id = kept?.id ?? id;
  }
  // Not each time: forgetting many at once costs what forgetting one does.
  if (id % FORGET_EVERY < calls.length) db.run("DELETE FROM calls WHERE id <= ?", id - KEPT_CALLS);
}

/** Newest first; of one operation only when it is named; older than `before` (a call's id) when that is given. */
export function listCalls(
  db: Database,
  {
    operation,
    before,
    limit,
  }: { operation?: string | undefined; before?: number | undefined; limit: number },
): Call[] {
  return db.all<Call>(
    `SELECT ${COLUMNS} FROM calls WHERE (?1 IS NULL OR operation = ?1) AND (?2 IS NULL OR id < ?2) ORDER BY id DESC LIMIT ?3`,
    operation ?? null,
    before ?? null,
    limit,
  );
}

/** How many calls are kept. */
export function countCalls(db: Database): number {
  return db.get<{ count: number }>("SELECT count(*) AS count FROM calls")?.count ?? 0;
}

/** The operations that were called, by name. */
export function calledOperations(db: Database): string[] {
  return db
    .all<{ operation: string }>(
      "SELECT DISTINCT operation FROM calls WHERE operation <> 'unknown' ORDER BY operation",
    )
    .map(({ operation }) => operation);
}
