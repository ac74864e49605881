import { quantityText } from "#components/format/quantity.ts";
import type { UnsealedView } from "#lib/metering/ledger/unsealed-views.ts";

type Units = Pick<UnsealedView, "dimension" | "quantity" | "whole" | "state" | "isMetered" | "hasElder">;

/** The page's first sentence: "1.6 units of gb_indexed wait unsealed" */
export function unsealedTitle({ dimension, quantity }: Units): string {
  if (quantity === "0") return `Nothing of ${dimension} waits unsealed`;
  const one = quantity === "1";
  return `${quantityText(quantity)} ${one ? "unit" : "units"} of ${dimension} ${one ? "waits" : "wait"} unsealed`;
}

type Wait = "ended" | "unmetered" | "pending" | "elder" | "fraction" | "hour";

function waitOf({ whole, state, isMetered, hasElder }: Units): Wait {
  if (state === "ended") return "ended";
  if (!isMetered) return "unmetered";
  if (state === "pending") return "pending";
  if (hasElder) return "elder";
  return whole === "0" ? "fraction" : "hour";
}

const WAITS: Record<Wait, string> = {
  ended: "The license has ended",
  unmetered: "AWS does not meter the dimension",
  pending: "AWS has not granted the license yet",
  elder: "An hour the other license leaves free",
  fraction: "A fraction, until it makes a whole unit",
  hour: "The next hour that is sealed",
};

/** What units wait for, in a few words of a list. */
export function waitsFor(units: Units): string {
  return WAITS[waitOf(units)];
}

/** What becomes of units when nobody moves them. */
export function unsealedDetail(units: Units): string {
  const { quantity, whole } = units;
  if (quantity === "0")
    return "Whatever sealing leaves here stands on this page: fractions, and usage that waits for its license or dimension.";
  const wait = waitOf(units);
  switch (wait) {
    case "ended":
      return `${WAITS[wait]}. What its last hour does not take is written off, unless it is moved before.`;
    case "unmetered":
      return `${WAITS[wait]}. They wait until the catalog says that it does, or until they are moved.`;
    case "pending":
      return `${WAITS[wait]}. They wait for it, unless they belong elsewhere: then move them.`;
    case "elder":
      return `${WAITS[wait]}: in legacy style AWS cannot tell the two apart. After the buyer’s cut-over to license style the next hour takes them along; when this license ends they go on with the one that runs.`;
    case "fraction":
      return "Fractions are carried on, each tag set by itself, until they make a whole unit that AWS can be told.";
    case "hour":
      return `${WAITS[wait]} takes ${quantityText(whole)} along${whole === quantity ? "" : "; fractions are carried on"}.`;
  }
}
