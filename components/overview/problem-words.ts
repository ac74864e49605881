import { hourText, momentText } from "#components/format/moment.ts";
import { countText, quantityText } from "#components/format/quantity.ts";
import type { ProblemView } from "#lib/metering/shapes.ts";
import type { OpenSettlement } from "#lib/metering/submission/settlement-views.ts";

/** A problem as a person reads it: what is wrong, whose turn it is, and where its records stand. */
export type ProblemWords = { title: string; detail: string; button: string; href: string };

/** What is wrong, without a code where words say it. */
export function problemWords(problem: ProblemView, now: string): ProblemWords {
  const { state, dimension, productName, licenses, aim } = problem;
  const query = new URLSearchParams({ state, dimension });
  if (licenses === 1) query.set("licenseId", problem.licenseId);
  const late = aim <= now;
  const first = late
    ? "Past its safe time: tried until its last call."
    : `First due ${momentText(aim, now)}.`;
  const { title, turn } = causeOf(problem);
  return {
    title,
    detail: `${productName}, ${countText(licenses, "buyer")}. ${first}${turn ? ` ${turn}` : ""}`,
    button: state === "held" ? "Decide" : "See them",
    href: `/admin/metering/records?${query}`,
  };
}

/** A word about a record to be confirmed that waits for a second person. */
export function waitingWords(settlement: OpenSettlement, reader: string): ProblemWords {
  const { recordId, proposedBy, productName, dimension, quantity, hour } = settlement;
  const own = proposedBy === reader;
  return {
    title: `${own ? "You say" : `${proposedBy} says`} that AWS did not bill ${quantityText(quantity)} ${dimension}`,
    detail: `${productName}, ${hourText(hour)} UTC. ${own ? "Somebody else has to say the same." : "It waits for you as the second person."}`,
    button: own ? "See it" : "Decide",
    href: `/admin/metering/records/${recordId}`,
  };
}

function causeOf({ state, code, dimension, licenses }: ProblemView): { title: string; turn: string } {
  if (state === "held") return { title: `${dimension} is on hold`, turn: "Release or write off." };
  if (state === "unconfirmed") {
    return {
      title: `AWS did not say whether it billed ${dimension}`,
      turn: "Look into CloudTrail and AWS’s own report, then say what you found.",
    };
  }
  switch (code) {
    case "InvalidUsageDimensionException":
      return {
        title: `AWS refuses the dimension ${dimension}`,
        turn: "Put it back in the AWS listing; sending goes on by itself.",
      };
    case "CustomerNotSubscribed":
      return {
        title: `AWS does not see ${licenses === 1 ? "this buyer" : `${licenses} buyers`} as subscribed`,
        turn: "Heals by itself when AWS sends License Updated.",
      };
    case "DuplicateRecord":
      return {
        title: `AWS holds another number for an hour of ${dimension}`,
        turn: "Another program meters the same product.",
      };
    default:
      return { title: `AWS refuses ${dimension}${code ? `: ${code}` : ""}`, turn: "" };
  }
}
