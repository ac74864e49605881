import { z } from "zod";
import { moveEffect, moveTitle, notMovedText, unitsText } from "#components/record/move-words.ts";
import type { RecordDetail } from "#lib/metering/shapes.ts";
import { type MoveProblem, moveUnits } from "#lib/metering/submission/move-units.ts";
import { listMoveChoices, type MoveChoices } from "#lib/metering/submission/move-views.ts";

type By = { actor: string; now: Date };
type Query = Record<string, string | string[] | undefined>;
const Address = z.object({ license: z.uuid(), dimension: z.string().min(1).max(255) });

export type MoveTarget = { licenseId: string; dimension: string };
/** Where somebody is on the way to moving a record's units. */
export type MoveTurn =
  | { half: "choose"; title: string; choices: MoveChoices; chosen: MoveTarget; problem: string | null }
  /** `words`: null when the record cannot be moved now. */
  | { half: "confirm"; to: MoveTarget; words: { title: string; effect: string; button: string } | null };

const NOWHERE: MoveTarget = { licenseId: "", dimension: "" };
const HOPELESS = new Set<MoveProblem>(["not_found", "not_refused", "unanswered", "nothing_there"]);

/** What the address asks about moving a record's units; null when it asks nothing. */
export async function readMove(record: RecordDetail, query: Query, by: By): Promise<MoveTurn | null> {
  if (query.move !== "1") return null;
  const asked = Address.safeParse(query).data;
  const to = asked ? { licenseId: asked.license, dimension: asked.dimension } : null;
  const choices = await listMoveChoices(record.id);
  const first = firstChoice(record, choices);
  if (first === null) return { half: "confirm", to: to ?? NOWHERE, words: null };
  const reach = await reachOf(record, to ?? first, by);
  if (!reach.ok && HOPELESS.has(reach.reason)) return { half: "confirm", to: to ?? first, words: null };
  const title = moveTitle(record);
  if (to === null) return { half: "choose", title, choices, chosen: first, problem: null };
  if (!reach.ok) return { half: "choose", title, choices, chosen: to, problem: notMovedText(reach.reason) };
  const target = choices.licenses.find(({ licenseId }) => licenseId === to.licenseId);
  if (!target) return { half: "choose", title, choices, chosen: first, problem: notMovedText("not_found") };
  const { quantity } = reach.value;
  // Of the record's own license the choices say more than the record does, unless it has ended.
  const own = choices.licenses.find(({ isOwn }) => isOwn) ?? { ...record, agreementId: null };
  const effect = moveEffect(
    quantity,
    { license: own, dimension: record.dimension },
    { license: target, dimension: to.dimension },
  );
  return { half: "confirm", to, words: { title, effect, button: `Move ${unitsText(quantity)}` } };
}

/** Whether the units of a record may be moved now: asked of the verb itself, by a preview that changes nothing. */
export async function canMove(record: RecordDetail, by: By): Promise<boolean> {
  if (record.state !== "rejected") return false;
  const to = firstChoice(record, await listMoveChoices(record.id));
  return to !== null && (await reachOf(record, to, by)).ok;
}

/** AWS's word for a dimension that it does not meter: then the license was most likely right. */
const WRONG_DIMENSION = "InvalidUsageDimensionException";

/** What stands in the lists to begin with; null: there is no other place. */
function firstChoice(
  record: Pick<RecordDetail, "licenseId" | "dimension" | "reason">,
  { licenses, dimensions }: MoveChoices,
): MoveTarget | null {
  const places = licenses.flatMap(({ licenseId }) =>
    dimensions.map(({ key: dimension }) => ({
      place: { licenseId, dimension },
      isOwn: licenseId === record.licenseId,
      isSame: dimension === record.dimension,
    })),
  );
  const others = places.filter(({ isOwn, isSame }) => !(isOwn && isSame));
  const likely =
    record.reason?.code === WRONG_DIMENSION
      ? others.find(({ isOwn, isSame }) => isOwn && !isSame)
      : others.find(({ isOwn, isSame }) => !isOwn && isSame);
  return (likely ?? others[0])?.place ?? null;
}

function reachOf(record: Pick<RecordDetail, "id">, to: MoveTarget, by: By): ReturnType<typeof moveUnits> {
  return moveUnits({
    from: { recordId: record.id },
    to,
    reason: "asked by the page", // a preview keeps no reason
    ...by,
    preview: true,
  });
}
