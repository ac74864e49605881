import { momentText } from "#components/format/moment.ts";
import { quantityText } from "#components/format/quantity.ts";
import { sentence } from "#components/format/sentence.ts";
import { recordsHref } from "#components/records/record-address.ts";
import type { MeteredProduct } from "#lib/metering/closing/product-views.ts";

type Facts = Pick<MeteredProduct, "mode" | "paused" | "shadowFrom" | "shadowUntil" | "closedThrough">;

/** What each mode is called on screen. */
export const MODE_WORDS: Record<MeteredProduct["mode"], string> = {
  live: "Live",
  paused: "Paused",
  shadow: "Shadow",
};

/** Whether another program tells AWS this product's hours, with no end in sight. */
export function isShadowed({ shadowFrom, shadowUntil }: Facts): boolean {
  return shadowFrom !== null && shadowUntil === null;
}

/** How a product is told to AWS now, and what it waits for at the next full hour. */
export function modeSentence(product: Facts, now: string): string {
  const { paused, shadowFrom, shadowUntil, closedThrough } = product;
  const parts: string[] = [];
  if (paused) {
    parts.push(
      `${sentence(paused.reason)} Since ${momentText(paused.since, now)} nothing of it is sent; counting goes on.`,
    );
  }
  if (shadowFrom && shadowUntil === null) {
    parts.push(
      `Another program tells AWS its hours from ${momentText(shadowFrom, now)} on. They are sealed and compared here, and never sent.`,
    );
  } else if (shadowUntil && (closedThrough === null || shadowUntil > closedThrough)) {
    parts.push(
      `It waits for ${momentText(shadowUntil, now)}: that hour and those after it are told by this portal, those before it by the other program.`,
    );
  } else if (!paused) {
    parts.push("This portal tells AWS each hour of it, soon after the hour is closed.");
  }
  return parts.join(" ");
}

/** The two ways to change who tells AWS. */
export const SHADOW_TURNS = ["on", "off"] as const;
export type ShadowTurn = (typeof SHADOW_TURNS)[number];

/** What a change of who tells AWS would do, or why it cannot be made now. */
export type ShadowReach =
  | { from: string; carried: string }
  /** `door`: where to see to it; null: nowhere. */
  | { problem: string; door: string | null };

/** The step before somebody else tells AWS a product's hours, or this portal does again. */
export function shadowWords(turn: ShadowTurn, name: string, reach: ShadowReach, now: string) {
  const title = turn === "on" ? `Let another program meter ${name}?` : `Let this portal meter ${name}?`;
  if ("problem" in reach) return { title, effect: reach.problem, facts: [], button: null };
  const from = momentText(reach.from, now);
  const carried =
    reach.carried === "0"
      ? []
      : [
          `${quantityText(reach.carried)} units wait unsealed and go into that hour: look whether the other program has told them.`,
        ];
  if (turn === "on") {
    return {
      title,
      effect: `From the hour of ${from} on nothing of ${name} is sent from here; everything else goes on, to be compared.`,
      facts: [
        "The other program must tell AWS that hour and every one after it: nobody else does.",
        ...carried,
      ],
      button: "Start the shadow",
    };
  }
  return {
    title,
    effect: `From the hour of ${from} on this portal tells AWS.`,
    facts: [
      `Stop the other program at ${from}: an hour that both tell is refused, or billed by whoever comes first.`,
      "What was in shadow is never sent from here.",
      ...carried,
    ],
    button: "End the shadow",
  };
}

const SHADOW_PROBLEMS: Record<string, string> = {
  unknown_product: "There is no such product.",
  already: "Another program meters it already.",
  not_in_shadow: "This portal meters it already.",
  hour_not_sealed: "An hour that is closed is not sealed yet. Look again in a moment.",
  draining:
    "Records of this product are not at their end: each must be billed, or decided, first. Look at the records that wait.",
  changed: "An hour ended or was closed meanwhile, so it begins later. Nothing was changed yet.",
  late_usage:
    "Usage of a closed hour came late and waits in the open one, which the other program would tell without it. Start after the next closing.",
  unsealed_units:
    "Whole units wait unsealed: they would be taken for the other program’s. They are sealed with the next hour.",
};

/** Where to see to what stands before the change; null: it passes, or the words say it all. */
export function shadowDoor(reason: string): string | null {
  return reason === "draining" ? recordsHref({ state: "sealed" }) : null;
}

/** Why the change cannot be made now. */
export function shadowProblem(reason: string): string {
  return SHADOW_PROBLEMS[reason] ?? "Not now.";
}
