import { z } from "zod";
import { RECORD_STATES } from "../shapes.ts";
import { type Decidable, whyNot } from "./decision.ts";

/** The decisions that may be taken for every record of a filter. */
export const OPERATION_KINDS = ["retry", "hold", "release"] as const;
export type OperationKind = (typeof OPERATION_KINDS)[number];

const Moment = z.iso.datetime({ offset: true });

/** Which records: at least one member, so that nobody decides about everything by accident. */
export const OperationFilter = z
  .strictObject({
    state: z.enum(RECORD_STATES).optional(),
    productCode: z.string().min(1).max(255).optional(),
    licenseId: z.uuid().optional(),
    licenseArn: z.string().min(1).max(1_000).optional(),
    dimension: z.string().min(1).max(255).optional(),
    reasonCode: z.string().min(1).max(255).optional(),
    from: Moment.optional(),
    to: Moment.optional(),
  })
  .refine((filter) => Object.values(filter).some((value) => value !== undefined), "must not be empty");
export type OperationFilter = z.infer<typeof OperationFilter>;

export type OperationView = {
  id: string;
  kind: OperationKind;
  state: "running" | "done" | "aborted";
  filter: OperationFilter;
  actor: string;
  createdAt: string;
  finishedAt: string | null;
  matched: number;
  done: number;
  skipped: number;
  /** The first hundred that were left alone. */
  reasons: { id: string; reason: string }[];
};

/** Records that stand alike, and how many they are. */
export type Alike = Decidable & { records: number };

/** What an operation would do, by how its records stand. */
export function foresee(
  kind: OperationKind,
  groups: readonly Alike[],
): { matched: number; done: number; skipped: { reason: string; records: number }[] } {
  const skipped = new Map<string, number>();
  let [matched, done] = [0, 0];
  for (const { records, ...standing } of groups) {
    const reason = whyNot({ kind }, standing);
    matched += records;
    if (reason === null) done += records;
    else skipped.set(reason, (skipped.get(reason) ?? 0) + records);
  }
  return { matched, done, skipped: [...skipped].map(([reason, records]) => ({ reason, records })) };
}
