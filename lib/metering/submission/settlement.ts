import { z } from "zod";

/**
 * What people may say of a record that AWS may have billed: AWS did, and this is its receipt; AWS did not, and the units go
 * back to their series; or nobody will know, and the units are written off.
 */
export const SettlementForm = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("billed"),
    /** AWS's metering record id of each record, by the record's id. */
    receipts: z.record(z.uuid(), z.string().trim().min(1).max(255)),
    reason: z.string().trim().max(1_000),
  }),
  z.strictObject({ kind: z.literal("not_billed"), reason: z.string().trim().max(1_000) }),
  z.strictObject({ kind: z.literal("written_off"), reason: z.string().trim().max(1_000) }),
]);
export type SettlementForm = z.infer<typeof SettlementForm>;

/** What is known of a record when somebody settles it. */
export type Unsettled = {
  recordId: string;
  state: string | null;
  outcome: string | null;
  licenseEnded: boolean;
  /** Who said before that it was not billed, while that waits for a second person. */
  proposedBy: string | null;
};

/** Who settles. A word of the command line is nobody's in particular, so it never is the second person's. */
export type Speaker = { actor: string; isNameless?: boolean };

export type Judgement =
  | { verdict: "carry_out" }
  | { verdict: "propose" }
  | { verdict: "skip"; reason: string };

/**
 * What becomes of one record (design: states of a usage record). Units go back to their series, where they will be billed
 * with another hour, only when two people say that AWS did not bill them; a license that ended has no hour left for them.
 */
export function judge(form: SettlementForm, record: Unsettled | undefined, by: Speaker): Judgement {
  const skip = (reason: string): Judgement => ({ verdict: "skip", reason });
  if (!record) return skip("not_found");
  if (record.outcome) return skip(record.outcome);
  if (record.state !== "unconfirmed") return skip(record.state ?? "not_found");
  switch (form.kind) {
    case "billed":
      return form.receipts[record.recordId] ? { verdict: "carry_out" } : skip("no_receipt");
    case "written_off":
      return { verdict: "carry_out" };
    case "not_billed":
      if (record.licenseEnded) return skip("license_ended");
      if (record.proposedBy === null) return { verdict: "propose" };
      if (record.proposedBy === by.actor || by.isNameless) return skip("needs_second_person");
      return { verdict: "carry_out" };
  }
}
