import { writeAudit } from "../../access/audit.ts";
import { inTransaction, type Tx } from "../../database/client.ts";
import { businessNow } from "../../database/clock.ts";
import { wake } from "../../database/wake.ts";
import { failed, ok, type Result } from "../../result.ts";
import { addToPause, lockProduct, noteForeign, writePause, writeResume } from "./product-store.ts";

type Of = { productCode: string; actor: string };

/**
 * Stops every call to AWS for one product, of every process, from the next claim on. Counting, closing and sealing go on,
 * and so do the other products. Paused already, it is paused anew with the reason added, unless it is given already. Needs
 * nothing but the database.
 */
export async function pauseProduct(of: Of & { reason: string }): Promise<Result<null, "unknown_product">> {
  const now = await businessNow();
  return inTransaction(async (tx) => {
    if (!(await lockProduct(tx, of.productCode))) return failed("unknown_product");
    if (await pauseFor(tx, { ...of, now })) await note(tx, "product.paused", of, now, { reason: of.reason });
    return ok(null);
  });
}

/**
 * Lets calls for a product go on. A product in its shadow goes on in it. With `since`, the pause that was shown, only that
 * one ends (`paused_anew`): nobody has read why another one stands.
 */
export async function resumeProduct(
  of: Of & { since?: string },
): Promise<Result<null, "unknown_product" | "paused_anew">> {
  const now = await businessNow();
  return inTransaction(async (tx) => {
    const product = await lockProduct(tx, of.productCode);
    if (!product) return failed("unknown_product");
    const standing = product.mode === "paused" ? product.pausedAt?.toISOString() : undefined;
    if (of.since !== undefined && standing !== undefined && standing !== of.since)
      return failed("paused_anew");
    if (await writeResume(tx, of.productCode, now)) await note(tx, "product.resumed", of, now, {});
    return ok(null);
  });
}

/**
 * AWS holds another number for an hour of which every attempt of ours was answered: another program meters this product.
 * More of its numbers would be refused hour by hour, so the product waits for a person. Paused already, it is paused anew:
 * whoever resumes it has to read this, too. Who has resumed knows of the hours before.
 */
export async function pauseForForeignMeter(
  tx: Tx,
  found: { productCode: string; recordId: string; dimension: string; hour: Date; now: Date },
): Promise<void> {
  const { productCode, recordId, dimension, now } = found;
  if (!(await noteForeign(tx, found))) return;
  const reason = `AWS holds another number for ${dimension}: another program meters this product. Find it with CloudTrail and stop it, then resume.`;
  if (!(await pauseFor(tx, { productCode, reason, now }))) return;
  await note(tx, "product.paused", { productCode, actor: "portal" }, now, { reason, recordId });
}

/** Pauses a product, or adds a reason to its pause. Answers whether either was news. */
async function pauseFor(tx: Tx, pause: { productCode: string; reason: string; now: Date }): Promise<boolean> {
  return (await writePause(tx, pause)) || (await addToPause(tx, pause));
}

async function note(
  tx: Tx,
  action: string,
  of: Of,
  now: Date,
  detail: Record<string, unknown>,
): Promise<void> {
  await writeAudit(tx, { at: now, actor: of.actor, action, subject: of.productCode, detail });
  await wake(tx); // so that the alerts say so at once
}
