import { ok, type Result } from "../../result.ts";
import { LATE_AFTER_END_MINUTES } from "../hours.ts";
import { canonicalTime, contentHash, momentOf, otherDays } from "./identity.ts";
import { readQuantity } from "./quantity.ts";
import type { Refusal, RefusalCode, UsageEventForm } from "./shapes.ts";
import { readTags } from "./tags.ts";

/** What the rules need to know of a license: what never changes about it, and its series as far as they are known. */
export type KnownLicense = { id: string; productCode: string; series: Map<string, number> };
/** `dimensions` is null while nobody has named the product: then its usage waits, whatever it is. */
export type KnownProduct = {
  dimensions: ReadonlyMap<string, string> | null;
  tagKeys: ReadonlySet<string>;
  /** Single tags that were found right before, by key and value: most events of a request carry the same few. */
  tags: Map<string, Tags>;
};
/** A tag set, and the same as a JSON object; '' and null for none. */
type Tags = { tagSet: string; tagsJson: string | null };

/** An event that may be counted: everything about it is settled but its hour. */
export type ReadyEvent = {
  index: number;
  id: string;
  source: string;
  license: KnownLicense;
  dimension: string;
  quantity: string;
  tagSet: string;
  tagsJson: string | null;
  /** In milliseconds, like every moment here: a Date costs more than all else that is done with one. */
  occurredAt: number;
  day: string;
  /** Days next to its own on which it may stand already. */
  otherDays: readonly string[];
  /** One character a byte (identity.ts). */
  contentHash: string;
  receivedAt: number;
};

const UNTAGGED = ok<Tags>({ tagSet: "", tagsJson: null });
const AHEAD_MINUTES = 5;
/** How late usage may come (M8). */
const LATE_HOURS = 24;
/** No product measured anything before; PostgreSQL writes the years before the first otherwise than JavaScript. */
const FIRST_MOMENT = Date.UTC(2000);
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

const SAYS: Record<RefusalCode, string> = {
  invalid_event: "The event is not in the documented form.",
  unknown_license: "No license here matches. It appears when the buyer sets up their account.",
  license_ended: "The license ended before this usage, or too long ago.",
  unknown_dimension: "The product has no such dimension. Add it to the product, then send the event again.",
  not_metered: "This dimension is only granted, not metered.",
  invalid_quantity: "quantity must be a decimal number of 0 or more, written as a string.",
  quantity_imprecise: "Write the quantity as a string with at most 12 digits after the point.",
  quantity_too_large: "quantity must be at most 2147483647.",
  invalid_tags: "The tags are not ones AWS takes.",
  too_old: `Usage must be sent within ${LATE_HOURS} hours; where another program began or ceased to meter the product, before its hour is closed.`,
  too_far_ahead: `occurredAt is more than ${AHEAD_MINUTES} minutes ahead.`,
  id_reused: "This id was used for another event.",
};

/** A refusal in the words of the API. What is retryable heals once its cause is mended. */
export function refusalOf(
  index: number,
  id: string | null,
  code: RefusalCode,
  message = SAYS[code],
): Refusal {
  return { index, id, code, retryable: code === "unknown_license" || code === "unknown_dimension", message };
}

/** Decides about one event without looking at others. */
export function readEvent(
  form: UsageEventForm,
  index: number,
  known: { license: KnownLicense | null; product: KnownProduct | null; now: Date },
): { ready: ReadyEvent } | { refusal: Refusal } {
  const refuse = (code: RefusalCode, message?: string) => ({
    refusal: refusalOf(index, form.id, code, message),
  });
  const { license, product, now } = known;
  if (!license || !product) return refuse("unknown_license");
  const type = product.dimensions?.get(form.dimension);
  if (product.dimensions && !type) return refuse("unknown_dimension");
  if (type === "entitled") return refuse("not_metered");
  const quantity = readQuantity(form.quantity);
  if (!quantity.ok) return refuse(quantity.reason);
  const tags = tagsOf(form.tags, product);
  if (!tags.ok) return refuse(tags.reason, tags.message);

  const text = canonicalTime(form.occurredAt ?? now.toISOString());
  const { moment: occurredAt, day } = momentOf(text);
  if (occurredAt > now.getTime() + AHEAD_MINUTES * MINUTE_MS) return refuse("too_far_ahead");
  if (occurredAt < FIRST_MOMENT) return refuse("too_old");
  const wasGiven = form.occurredAt !== undefined;
  const { tagSet, tagsJson } = tags.value;
  return {
    ready: {
      index,
      id: form.id,
      source: form.source ?? "",
      license,
      dimension: form.dimension,
      quantity: quantity.value,
      tagSet,
      tagsJson,
      occurredAt,
      day,
      otherDays: otherDays({ day, occurredAt, wasGiven }),
      contentHash: contentHash({
        licenseId: license.id,
        dimension: form.dimension,
        quantity: quantity.value,
        tagSet,
        occurredAt: wasGiven ? text : null,
      }),
      receivedAt: now.getTime(),
    },
  };
}

function tagsOf(
  given: Record<string, string> | undefined,
  product: KnownProduct,
): Result<Tags, "invalid_tags"> {
  if (!given) return UNTAGGED;
  const [key, other] = Object.keys(given);
  const name = key !== undefined && other === undefined ? `${key}\0${given[key]}` : null;
  const known = name === null ? undefined : product.tags.get(name);
  if (known) return ok(known);
  const read = readTags(given, product.dimensions ? product.tagKeys : null);
  if (!read.ok) return read;
  const { text: tagSet, tags } = read.value;
  const made = { tagSet, tagsJson: tags && JSON.stringify(tags) };
  if (name !== null) product.tags.set(name, made);
  return ok(made);
}

/** Why usage of a license comes too late to be counted, or null. One that is known is a duplicate all the same. */
export function tooLate(
  { occurredAt, receivedAt }: Pick<ReadyEvent, "occurredAt" | "receivedAt">,
  endsAt: number | null,
): Extract<RefusalCode, "too_old" | "license_ended"> | null {
  if (endsAt !== null && (occurredAt >= endsAt || receivedAt > endsAt + LATE_AFTER_END_MINUTES * MINUTE_MS))
    return "license_ended";
  return occurredAt < receivedAt - LATE_HOURS * HOUR_MS ? "too_old" : null;
}
