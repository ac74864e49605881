import { z } from "zod";
import { licenseKeyOf } from "./license-key.ts";
import type { LicenseState } from "./shapes.ts";

/** An EventBridge envelope (user guide: notifications-eventbridge). `detail` is read leniently and kept whole. */
export const Envelope = z.looseObject({
  id: z.string().min(1).max(200),
  "detail-type": z.string().min(1).max(200),
  source: z.string().min(1).max(200),
  time: z.iso.datetime({ offset: true }),
  detail: z.looseObject({
    license: z.looseObject({ arn: z.string().optional(), id: z.string().optional() }).optional(),
    agreement: z.looseObject({ id: z.string().optional() }).optional(),
  }),
});
export type Envelope = z.infer<typeof Envelope>;

/** What an event is about, whichever of AWS's spellings it uses. */
export function subjectOf(envelope: Envelope): { licenseKey: string | null; agreementId: string | null } {
  const { license, agreement } = envelope.detail;
  const arn = license?.arn ?? license?.id ?? null;
  return { licenseKey: arn === null ? null : licenseKeyOf(arn), agreementId: agreement?.id ?? null };
}

/** What an event does to a license. Only License Updated grants, only License Deprovisioned ends; the rest is remembered. */
export type EventMeaning = "grants" | "ends" | "informs";

export function meaningOf(detailType: string): EventMeaning {
  const kind = detailType.replace(/ - (Manufacturer|Proposer)$/, "");
  if (kind === "License Updated") return "grants";
  if (kind === "License Deprovisioned") return "ends";
  return "informs";
}

export type LicenseFacts = {
  state: LicenseState;
  activatedAt: Date | null;
  endsAt: Date | null;
  lastEventAt: Date | null;
};

/**
 * A license after an event. Events come late, twice and in any order: an older one than the last applied changes nothing
 * but what it alone can tell, the first activation. AWS's times are whole seconds: of two events of the same second the
 * end counts, in either order.
 */
export function applyEvent(license: LicenseFacts, meaning: EventMeaning, at: Date): LicenseFacts {
  if (meaning === "informs") return license;
  const age = license.lastEventAt === null ? 1 : at.getTime() - license.lastEventAt.getTime();
  if (meaning === "ends") {
    return age >= 0 ? { ...license, state: "ended", endsAt: at, lastEventAt: at } : license;
  }
  const activatedAt = license.activatedAt !== null && license.activatedAt < at ? license.activatedAt : at;
  const isOverruled = age < 0 || (age === 0 && license.state === "ended");
  if (isOverruled) return { ...license, activatedAt };
  return { state: "active", activatedAt, endsAt: null, lastEventAt: at };
}
