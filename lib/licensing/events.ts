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

/**
 * What an event does to a license. Of EventBridge's only License Updated grants and only License Deprovisioned ends
 * (notifications-eventbridge); of the older style's notices subscribe-success grants, unsubscribe-pending opens the last
 * hour in which usage may be reported, unsubscribe-success ends (saas-notification). An agreement that is over ends no
 * license, but by one reading AWS's last hour begins with it (research: Conflicts). The rest is remembered.
 */
export type EventMeaning = "grants" | "ending" | "ends" | "closes" | "refreshes" | "informs";

const NOTICES: Record<string, EventMeaning> = {
  "subscribe-success": "grants",
  "unsubscribe-pending": "ending",
  "unsubscribe-success": "ends",
  "entitlement-updated": "refreshes",
};

export function meaningOf(detailType: string): EventMeaning {
  const kind = detailType.replace(/ - (Manufacturer|Proposer)$/, "");
  if (kind === "License Updated") return "grants";
  if (kind === "License Deprovisioned") return "ends";
  if (kind === "Purchase Agreement Ended") return "closes";
  return NOTICES[kind] ?? "informs";
}

/** How an agreement can end for good; RENEWED and REPLACED hand over to another one. */
export const OVER_FOR_GOOD = new Set(["CANCELLED", "EXPIRED", "TERMINATED"]);

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
  if (meaning === "informs" || meaning === "closes" || meaning === "refreshes") return license;
  const age = license.lastEventAt === null ? 1 : at.getTime() - license.lastEventAt.getTime();
  if (meaning === "grants") {
    const activatedAt = license.activatedAt !== null && license.activatedAt < at ? license.activatedAt : at;
    const isOverruled = age < 0 || (age === 0 && hasEnded(license));
    if (isOverruled) return { ...license, activatedAt };
    return { state: "active", activatedAt, endsAt: null, lastEventAt: at };
  }
  if (meaning === "ending" && announcedEnd(license, at)) return { ...license, endsAt: at };
  if (age < 0 || (meaning === "ending" && license.state === "ended")) return license;
  // AWS takes usage for an hour from the moment the end was announced: that moment is the end.
  const endsAt = license.state === "ending" ? license.endsAt : at;
  return { ...license, state: meaning === "ends" ? "ended" : "ending", endsAt, lastEventAt: at };
}

/** An end is announced about an hour before; an announcement that comes after the end it announced moves the end back. */
const ANNOUNCED_AT_MOST_MS = 2 * 3_600_000;

function announcedEnd({ state, endsAt }: LicenseFacts, at: Date): boolean {
  const before = state === "ended" && endsAt !== null ? endsAt.getTime() - at.getTime() : -1;
  return before >= 0 && before <= ANNOUNCED_AT_MOST_MS;
}

function hasEnded({ state }: LicenseFacts): boolean {
  return state === "ended" || state === "ending";
}
