import { randomUUID } from "node:crypto";
import { writeAudit } from "../access/audit.ts";
import { inTransaction, type Tx } from "../database/client.ts";
import { wake } from "../database/wake.ts";
import { failed, ok, type Result } from "../result.ts";
import { applyEvent } from "./events.ts";
import { HAND, insertEvent, settleFailed } from "./inbox-store.ts";
import { legacyKeyOf, licenseKeyOf } from "./license-key.ts";
import type { LicenseView } from "./shapes.ts";
import { isOnlyLicense, lockLicense, updateLicense } from "./store.ts";
import { findLicense } from "./views.ts";

/** What can be said by hand: AWS's word for it, what it does, and what the license is then. */
const EVENTS = {
  granted: { detailType: "License Updated", meaning: "grants", state: "active" },
  ended: { detailType: "License Deprovisioned", meaning: "ends", state: "ended" },
} as const;

/** What a person read at AWS. `license`: our id, the ARN or its l-…; `at`: AWS's time of it. */
export type HandEvent = { license: string; what: keyof typeof EVENTS; at: Date };

type By = { actor: string; now: Date };

/**
 * Says by hand what an event of AWS would have said that never came or could not be applied: that this license, and no
 * other, was granted or ended, and when. `overruled`: AWS said something of a later moment, which stands, and nothing is
 * written. Else it lies in the inbox like AWS's own, and what was set aside of the license until then is settled by it.
 * Answers the license as it is then.
 */
export async function recordEvent(
  said: HandEvent,
  by: By,
): Promise<Result<LicenseView, "unknown_license" | "in_the_future" | "overruled">> {
  if (said.at > by.now) return failed("in_the_future");
  const license = await findLicense(said.license);
  if (!license) return failed("unknown_license");
  if (!(await inTransaction((tx) => apply(tx, license, said, by)))) return failed("overruled");
  return ok((await findLicense(license.id)) ?? license);
}

/** Answers whether the license is what was said. */
async function apply(tx: Tx, license: LicenseView, { what, at }: HandEvent, by: By): Promise<boolean> {
  const locked = await lockLicense(tx, license.id);
  if (!locked) return false;
  const { id, agreementId, ...facts } = locked;
  const { detailType, meaning, state } = EVENTS[what];
  const changed = applyEvent(facts, meaning, at);
  if (changed.state !== state) return false;
  await updateLicense(tx, id, { ...changed, agreementId, syncDueAt: by.now });
  const { licenseKey, legacyKey } = keysOf(license);
  await insertEvent(tx, {
    envelopeId: `hand-${randomUUID()}`,
    source: HAND,
    detailType,
    licenseKey: licenseKey ?? legacyKey ?? id,
    agreementId: null,
    occurredAt: at,
    receivedAt: by.now,
    raw: { actor: by.actor },
    state: "applied",
    appliedAt: by.now,
  });
  const own = [licenseKey, (await isOnlyLicense(tx, id)) ? legacyKey : null];
  await settleFailed(
    tx,
    own.filter((key) => key !== null),
    at,
  );
  await writeAudit(tx, {
    at: by.now,
    actor: by.actor,
    action: `license.${what}_by_hand`,
    subject: id,
    detail: { at: at.toISOString() },
  });
  await wake(tx);
  return true;
}

function keysOf({ licenseArn, productCode, customerIdentifier }: LicenseView) {
  return {
    licenseKey: licenseArn === null ? null : licenseKeyOf(licenseArn),
    legacyKey: customerIdentifier === null ? null : legacyKeyOf(productCode, customerIdentifier),
  };
}
