import { shortId, shortLicenseArn } from "#components/format/identifier.ts";
import { hourText } from "#components/format/moment.ts";
import { quantityText } from "#components/format/quantity.ts";
import type { UsageRecordView } from "#lib/metering/shapes.ts";
import type { MoveProblem } from "#lib/metering/submission/move-units.ts";
import type { MoveLicense } from "#lib/metering/submission/move-views.ts";

/** What is moved: a refused record's units, or what waits unsealed in a series. */
export type MovedKind = "record" | "unsealed";

/** What moving means for the place that is left. `stuck`: why it cannot be done now. */
export const MOVED: Record<MovedKind, Record<"leave" | "after" | "stuck" | "back", string>> = {
  record: {
    leave:
      "They leave this record, which is over then, and go to another license or dimension of the same buyer.",
    after: "This record is over then: AWS is told nothing of its hour any more.",
    stuck: "The units of this record cannot be moved now: its state says why.",
    back: "Back to the record",
  },
  unsealed: {
    leave:
      "All that waits unsealed here, of every tag set, goes to another license or dimension of the same buyer.",
    after: "What hours that are not sealed yet have counted is not among them and stays here.",
    stuck: "Nothing can be moved from here now.",
    back: "Back to the units",
  },
};

type Named = Pick<MoveLicense, "licenseId" | "licenseArn" | "agreementId">;

/** A license as people tell it from the buyer's others: "agreement agmt-3xw9…t1kd, license l-f7c6…fcde". */
export function licenseName({ licenseId, licenseArn, agreementId }: Named): string {
  const license = `license ${licenseArn === null ? shortId(licenseId) : shortLicenseArn(licenseArn)}`;
  return agreementId === null ? license : `agreement ${shortId(agreementId)}, ${license}`;
}

/** One line of the list of licenses to choose from. */
export function licenseChoice({ isOwn, state, ...named }: MoveLicense): string {
  const notes = [...(isOwn ? ["where they are now"] : []), ...(state === "active" ? [] : [state])];
  return `${licenseName(named)}${notes.length > 0 ? ` (${notes.join(", ")})` : ""}`.replace(/^./, (first) =>
    first.toUpperCase(),
  );
}

type Place = { license: Named; dimension: string };

/** The question at the head of the step: of a record's units. */
export function moveRecordTitle(record: Pick<UsageRecordView, "quantity" | "dimension" | "hour">): string {
  return `Move ${unitsText(record.quantity)} of ${record.dimension} for ${hourText(record.hour)} UTC?`;
}

/** The question at the head of the step: of what waits unsealed. */
export function moveUnsealedTitle({ quantity, dimension }: { quantity: string; dimension: string }): string {
  return `Move ${quantityText(quantity)} unsealed ${quantity === "1" ? "unit" : "units"} of ${dimension}?`;
}

/** What moving means, to the unit, before anybody does it. */
export function moveEffect(quantity: string, from: Place, to: Place): string {
  const [units, where] = [`${quantityText(quantity)} ${from.dimension}`, placeName(to)];
  const move = quantity === "1" ? "moves" : "move";
  const taken = quantity.includes(".") ? "the whole units among them" : "them";
  return `${units} of ${licenseName(from.license)} ${move} to ${where}; the next hour that is sealed there takes ${taken}.`;
}

/** What was moved, after it was. */
export function movedText(quantity: string, to: Place): string {
  return `Moved: ${unitsText(quantity)} went to ${placeName(to)}. Your name and the reason are kept in the audit.`;
}

const NOT_MOVED: Record<MoveProblem, string> = {
  reason_too_short: "write at least three words: an auditor will read them.",
  not_found: "there is no such record, license or dimension any more.",
  not_refused:
    "the record is not refused any more. Somebody may have moved it already; its state says what it is.",
  unanswered: "AWS may have billed this record, so its units stay where they are until that is known.",
  billed_elsewhere:
    "AWS holds another program’s number for this hour: billed once more, the buyer would pay twice.",
  doubtful_hours:
    "the database was restored, and hours it may have told AWS are still to be sealed. Look again once they are.",
  nothing_there:
    "nothing waits unsealed there any more. Somebody may have moved it already, or an hour took it along.",
  changed: "other units wait there by now than you were shown. Look at what is shown now, then press again.",
  same_series: "the units are there already. Choose another license or another dimension.",
  another_buyer: "that license is another buyer’s, who would pay for this usage.",
  another_product: "that license is of another product.",
  cannot_be_billed:
    "nothing can be billed there: the license has ended, or AWS does not meter the dimension.",
};

/** Why nothing was moved. */
export function notMovedText(problem: MoveProblem): string {
  return `Left where they are: ${NOT_MOVED[problem]}`;
}

/** "Move 1,240 units" */
export function unitsText(quantity: string): string {
  return `${quantityText(quantity)} ${quantity === "1" ? "unit" : "units"}`;
}

function placeName({ license, dimension }: Place): string {
  return `${dimension} of ${licenseName(license)}`;
}
