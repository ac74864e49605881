import { z } from "zod";
import {
  type MovedKind,
  moveEffect,
  moveRecordTitle,
  moveUnsealedTitle,
  notMovedText,
  unitsText,
} from "#components/move/move-words.ts";
import type { UnsealedView } from "#lib/metering/ledger/unsealed-views.ts";
import type { RecordDetail } from "#lib/metering/shapes.ts";
import { type MoveForm, type MoveProblem, moveUnits } from "#lib/metering/submission/move-units.ts";
import { listMoveChoices, type MoveChoices, type MoveLicense } from "#lib/metering/submission/move-views.ts";

type By = { actor: string; now: Date };
type Query = Record<string, string | string[] | undefined>;
const Address = z.object({ license: z.uuid(), dimension: z.string().min(1).max(255) });

/** Units that somebody may want to move, and what is known of where they are. */
export type Movable = {
  kind: MovedKind;
  title: string;
  from: MoveForm["from"];
  /** How the form names them to the server action. */
  fields: Record<string, string>;
  license: Pick<MoveLicense, "licenseId" | "licenseArn" | "agreementId">;
  dimension: string;
  /** Then the license was most likely right. */
  isDimensionWrong: boolean;
};

/** AWS's word for a dimension that it does not meter. */
const WRONG_DIMENSION = "InvalidUsageDimensionException";

/** The units of a refused record. */
export function unitsOfRecord(record: RecordDetail): Movable {
  const { id, licenseId, licenseArn, dimension, reason } = record;
  return {
    kind: "record",
    title: moveRecordTitle(record),
    from: { recordId: id },
    fields: { recordId: id },
    license: { licenseId, licenseArn, agreementId: null },
    dimension,
    isDimensionWrong: reason?.code === WRONG_DIMENSION,
  };
}

/** What waits unsealed in a series. */
export function unitsOfSeries(units: UnsealedView): Movable {
  const { licenseId, dimension } = units;
  return {
    kind: "unsealed",
    title: moveUnsealedTitle(units),
    from: { licenseId, dimension },
    fields: { fromLicense: licenseId, fromDimension: dimension },
    license: units,
    dimension,
    isDimensionWrong: !units.isMetered,
  };
}

/** Where somebody is on the way to moving units. */
export type MoveTurn =
  | { half: "choose"; title: string; choices: MoveChoices; chosen: MoveForm["to"]; problem: string | null }
  /** `words`: null when the units cannot be moved now. */
  | {
      half: "confirm";
      fields: Record<string, string>;
      words: { title: string; effect: string; button: string } | null;
    };

const NOT_NOW: MoveTurn = { half: "confirm", fields: {}, words: null };
const HOPELESS = new Set<MoveProblem>(["not_found", "not_refused", "unanswered", "nothing_there"]);

/** What the address asks about moving units; null when it asks nothing. */
export async function readMove(units: Movable, query: Query, by: By): Promise<MoveTurn | null> {
  if (query.move !== "1") return null;
  const asked = Address.safeParse(query).data;
  const to = asked ? { licenseId: asked.license, dimension: asked.dimension } : null;
  const choices = await listMoveChoices(units.license.licenseId);
  const first = firstChoice(units, choices);
  if (first === null) return NOT_NOW;
  const reach = await reachOf(units, to ?? first, by);
  if (!reach.ok && HOPELESS.has(reach.reason)) return NOT_NOW;
  const { title, dimension, fields } = units;
  if (to === null) return { half: "choose", title, choices, chosen: first, problem: null };
  if (!reach.ok) return { half: "choose", title, choices, chosen: to, problem: notMovedText(reach.reason) };
  const target = choices.licenses.find(({ licenseId }) => licenseId === to.licenseId);
  if (!target) return { half: "choose", title, choices, chosen: first, problem: notMovedText("not_found") };
  const { quantity, shown } = reach.value;
  // Of the units' own license the choices may say more than they do, unless it has ended.
  const own = choices.licenses.find(({ isOwn }) => isOwn) ?? units.license;
  const effect = moveEffect(
    quantity,
    { license: own, dimension },
    { license: target, dimension: to.dimension },
  );
  return {
    half: "confirm",
    fields: { ...fields, shown, license: to.licenseId, dimension: to.dimension },
    words: { title, effect, button: `Move ${unitsText(quantity)}` },
  };
}

/** Whether units may be moved now: asked of the verb itself, by a preview that changes nothing. */
export async function canMove(units: Movable, by: By): Promise<boolean> {
  const to = firstChoice(units, await listMoveChoices(units.license.licenseId));
  return to !== null && (await reachOf(units, to, by)).ok;
}

/** What stands in the lists to begin with; null: there is no other place. */
function firstChoice(
  { license, dimension, isDimensionWrong }: Movable,
  { licenses, dimensions }: MoveChoices,
): MoveForm["to"] | null {
  const places = licenses.flatMap(({ licenseId }) =>
    dimensions.map(({ key }) => ({
      place: { licenseId, dimension: key },
      isOwn: licenseId === license.licenseId,
      isSame: key === dimension,
    })),
  );
  const others = places.filter(({ isOwn, isSame }) => !(isOwn && isSame));
  const likely = isDimensionWrong
    ? others.find(({ isOwn, isSame }) => isOwn && !isSame)
    : others.find(({ isOwn, isSame }) => !isOwn && isSame);
  return (likely ?? others[0])?.place ?? null;
}

function reachOf({ from }: Movable, to: MoveForm["to"], by: By): ReturnType<typeof moveUnits> {
  return moveUnits({
    from,
    to,
    reason: "asked by the page", // a preview keeps no reason
    ...by,
    preview: true,
  });
}
