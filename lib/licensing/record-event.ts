import { randomUUID } from "node:crypto";
import { writeAudit } from "../access/audit.ts";
import { inTransaction } from "../database/client.ts";
import { failed, ok, type Result } from "../result.ts";
import { applyLifecycleEvents } from "./apply-lifecycle-events.ts";
import { insertEvent, settleFailed } from "./inbox-store.ts";
import { legacyKeyOf, licenseKeyOf } from "./license-key.ts";
import type { LicenseView } from "./shapes.ts";
import { findLicense } from "./views.ts";

/** What can be said by hand, in AWS's words for it. */
const EVENTS = { granted: "License Updated", ended: "License Deprovisioned" } as const;

/** What a person read at AWS. `license`: our id, the ARN or its l-…; `at`: AWS's time of it. */
export type HandEvent = { license: string; what: keyof typeof EVENTS; at: Date };

/**
 * Says by hand what an event of AWS would have said that never came or could not be applied: that a license was granted or
 * ended, and when. It lies in the inbox and counts like AWS's own, so what AWS said of a later moment stands; what was set
 * aside of the license is settled by it. Answers the license as it is then.
 */
export async function recordEvent(
  said: HandEvent,
  by: { actor: string; now: Date },
): Promise<Result<LicenseView, "unknown_license" | "in_the_future">> {
  if (said.at > by.now) return failed("in_the_future");
  const license = await findLicense(said.license);
  if (!license) return failed("unknown_license");
  const { licenseArn, productCode, customerIdentifier } = license;
  const legacyKey = customerIdentifier === null ? null : legacyKeyOf(productCode, customerIdentifier);
  const licenseKey = licenseArn === null ? legacyKey : licenseKeyOf(licenseArn);
  await inTransaction(async (tx) => {
    await settleFailed(
      tx,
      [licenseKey, legacyKey].filter((key) => key !== null),
    );
    await insertEvent(tx, {
      envelopeId: `hand-${randomUUID()}`,
      source: "hand",
      detailType: EVENTS[said.what],
      licenseKey,
      agreementId: null,
      occurredAt: said.at,
      receivedAt: by.now,
      raw: { actor: by.actor },
    });
    await writeAudit(tx, {
      at: by.now,
      actor: by.actor,
      action: `license.${said.what}_by_hand`,
      subject: license.id,
      detail: { at: said.at.toISOString() },
    });
  });
  await applyLifecycleEvents(by.now);
  return ok((await findLicense(license.id)) ?? license);
}
