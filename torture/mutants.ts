import type { Favourite } from "./chaos.ts";

export type Mutant = {
  name: string;
  /** What the finding that catches it says: whatever else is found at the same time proves nothing. */
  shows: RegExp;
  /** What brings it to light soon. */
  favourite?: Favourite;
  patches: { file: string; find: string; replace: string }[];
};

const CLAIM = "lib/metering/submission/claim-store.ts";
const ANSWER = "lib/metering/submission/answer.ts";
const OUTCOME = "lib/metering/submission/record-outcome.ts";

/** Builds that break one promise each. The torture must catch every one. */
export const MUTANTS: Record<number, Mutant> = {
  1: {
    name: "sends before writing the attempt",
    shows: /attempts are on disk/,
    favourite: "mid-call",
    patches: [
      {
        file: CLAIM,
        find: '  sql.later("write an attempt", ATTEMPT, attempt);',
        replace: '  late.set(id, () => readSql("write an attempt late", ATTEMPT, attempt));',
      },
      {
        // Else it would miss its own attempts in the database, take it for restored, and send nothing any more.
        file: CLAIM,
        find: "  bearWitness({ ...seen, attempt: batches.at(-1)?.submissionId ?? seen.attempt });",
        replace: "  bearWitness(seen);",
      },
      {
        file: CLAIM,
        find: "/** How long a worker may hold",
        replace:
          "export const late = new Map<string, () => Promise<unknown>>();\n/** How long a worker may hold",
      },
      { file: OUTCOME, find: "if (isWhole && ", replace: "if (isWhole && batch.records.length === 0 && " },
      {
        file: OUTCOME,
        find: "    await insertAnswer(tx, {",
        replace: "    await late.get(batch.submissionId)?.();\n    await insertAnswer(tx, {",
      },
      {
        file: OUTCOME,
        find: 'import type { ClaimedBatch } from "./claim-store.ts";',
        replace: 'import { type ClaimedBatch, late } from "./claim-store.ts";',
      },
    ],
  },
  2: {
    name: "retries with a changed quantity",
    shows: /was told as .*, then as/,
    favourite: "leaves",
    patches: [
      {
        file: CLAIM,
        find: "           r.quantity, r.allocations\n",
        replace: "           r.quantity + q.attempts AS quantity, NULL::jsonb AS allocations\n",
      },
    ],
  },
  3: {
    name: "takes what AWS left unprocessed as done",
    shows: /billed here as .* AWS has nothing/,
    favourite: "leaves",
    patches: [
      {
        file: ANSWER,
        find: 'return waiting("Unprocessed", "AWS left this record unprocessed.", true);',
        replace: `return { kind: "billed", meteringRecordId: \`unprocessed-\${record.id}\` };`,
      },
    ],
  },
  4: {
    name: "takes a dropped answer as success",
    shows: /billed here as .* AWS has/,
    favourite: "drops",
    patches: [
      {
        file: ANSWER,
        find: 'return waiting(fault.code, "AWS did not answer. It may have billed this record.", false);',
        replace: `return { kind: "billed", meteringRecordId: \`\${fault.code}-\${sent[0]?.id}\` };`,
      },
    ],
  },
  5: {
    name: "closes without the lock",
    shows: /reconcile: .*unsealed|its hour's events are|accepted .* found/,
    favourite: "stall",
    patches: [
      {
        file: "lib/metering/ingest/store.ts",
        find: "ORDER BY product_code FOR SHARE) c",
        replace: "ORDER BY product_code) c",
      },
    ],
  },
  6: {
    name: "takes the timestamp when it sends",
    shows: /was told as .*, then as|billed here as .* AWS has nothing/,
    patches: [
      {
        file: CLAIM,
        find: 'r.dimension, r."timestamp", r.identity,',
        replace: `r.dimension, $2::timestamptz AS "timestamp", r.identity,`,
      },
    ],
  },
  7: {
    name: "expires by its own clock, too early",
    shows: /before its aim/,
    patches: [
      {
        file: "lib/metering/submission/store.ts",
        find: `WHERE aim < \${now}::timestamptz AND last_call < \${now}::timestamptz AND`,
        replace: `WHERE aim - interval '22 hours' < \${now}::timestamptz AND`,
      },
    ],
  },
  8: {
    name: "carries a duplicate to the next hour",
    shows: /ours was carried/,
    favourite: "foreign",
    patches: [
      {
        file: "lib/metering/submission/transition.ts",
        find: "  if (!isDoubtful && isOver && code === TOO_LATE)",
        replace: '  if (!isDoubtful && (code === "DuplicateRecord" || (isOver && code === TOO_LATE)))',
      },
      {
        file: "lib/metering/submission/outcome-store.ts",
        find: "record.duplicateIn.length > 0 || ",
        replace: "",
      },
    ],
  },
};
