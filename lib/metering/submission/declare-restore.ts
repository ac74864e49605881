import { writeAudit } from "../../access/audit.ts";
import { noticeRestore } from "../../database/stamp.ts";
import { doubtForgotten } from "./doubt-forgotten.ts";

/**
 * A person says that the database was put back from a copy, where nothing is left by which the portal could notice: the same
 * pause and the same doubts.
 */
export async function declareRestore({ actor }: { actor: string }): Promise<void> {
  await noticeRestore(
    async (tx, now) => {
      await writeAudit(tx, {
        at: now,
        actor,
        action: "submitting.restored",
        subject: "all",
        detail: { actor },
      });
      return doubtForgotten(tx, now);
    },
    { isCertain: true },
  );
}
