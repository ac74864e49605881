import { countText, quantityText } from "#components/format/quantity.ts";
import type { ReplayResult } from "#lib/metering/ingest/replay-refused.ts";
import type { RefusalCode } from "#lib/metering/ingest/shapes.ts";

/** Why an event was refused, and what a person mends before it is replayed. */
export const REFUSALS: Record<RefusalCode, { name: string; mend: string }> = {
  invalid_event: { name: "Not an event", mend: "Mend what the product sends: its shape is in the README." },
  unknown_license: { name: "No such license here", mend: "It appears when the buyer sets up their account." },
  license_ended: {
    name: "The license had ended",
    mend: "AWS takes no more of it: nothing can be mended here.",
  },
  unknown_dimension: { name: "No such dimension", mend: "Add the dimension to the product." },
  not_metered: {
    name: "The dimension is not metered",
    mend: "Make the dimension metered, here and in the listing.",
  },
  invalid_quantity: {
    name: "Not a quantity",
    mend: "Mend what the product sends: a decimal number as text.",
  },
  quantity_imprecise: {
    name: "The quantity is not exact",
    mend: "Let the product send it as text, not as a float.",
  },
  quantity_too_large: {
    name: "The quantity is too large",
    mend: "Let the product send it in smaller parts.",
  },
  invalid_tags: { name: "The tags cannot be kept", mend: "Declare the tag keys of the product." },
  too_old: { name: "Too old", mend: "AWS’s window for it has closed: nothing can be mended here." },
  too_far_ahead: { name: "From the future", mend: "Set the clock of the machine that sends it." },
  id_reused: { name: "The id stood for something else", mend: "Give each event an id of its own." },
};

/** What a replay will do, before it is done. */
export function replayEffect({ matched }: Pick<ReplayResult, "matched">): string {
  if (matched === 0) {
    return "Nothing can be replayed: what is left was refused more than a day ago, or was too long to be kept whole.";
  }
  return `${countText(matched, "event")} will be sent through the door again, exactly as ${matched === 1 ? "it was" : "they were"} sent; what is accepted counts in the first hour that is open.`;
}

/** What came of a replay: numbers that add up. */
export function replayedText({ matched, accepted, duplicates, refused }: ReplayResult): string {
  if (matched === 0) return "Nothing was replayed: nothing waits that could be.";
  const parts = [`${number(accepted)} ${accepted === 1 ? "is" : "are"} counted now`];
  if (duplicates > 0) parts.push(`${number(duplicates)} had been counted before`);
  if (refused > 0)
    parts.push(
      `${number(refused)} ${refused === 1 ? "is" : "are"} refused again and ${refused === 1 ? "stays" : "stay"} here`,
    );
  return `Of ${countText(matched, "event")}, ${parts.join(", ")}.`;
}

/** An event as it was sent, in lines where it is whole JSON. */
export function readableEvent(raw: string): string {
  try {
    return JSON.stringify(JSON.parse(raw), null, 2);
  } catch {
    return `${raw}\n… it is longer: this is its beginning.`;
  }
}

const number = (count: number) => quantityText(String(count));
