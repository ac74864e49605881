import { businessNow } from "#lib/database/clock.ts";
import { dropMonth } from "#lib/metering/ledger/drop-month.ts";
import { ACTOR, CliProblem, monthOf, say, type Verb } from "./options.ts";

const WHY_NOT = {
  not_closed:
    "its sums are not taken yet: that comes by itself, four days after its end, once every hour of it is sealed",
  already_dropped: "its events are gone already; its sums stay",
  does_not_fit: "its events do not agree with its sums, see reconcile --month",
};

/** Old months leave; what they came to stays. */
export const MONTH_VERB: Verb = {
  takes: "--month 2026-11 [--preview]",
  does: "drops a closed month's raw events; its sums, records and movements stay",
  options: ["month", "preview"],
  words: 0,
  run: async (options) => {
    const month = monthOf(options.month, "Give --month 2026-11");
    const preview = options.preview ?? false;
    const dropped = await dropMonth({ month, actor: ACTOR, now: await businessNow(), preview });
    if (!dropped.ok)
      throw new CliProblem(
        `${options.month} stays: ${[WHY_NOT[dropped.reason], dropped.message ?? ""].join(" ").trim()}`,
      );
    const { events, accepted } = dropped.value;
    say(`${events} events of ${accepted} units ${preview ? "would be" : "are"} dropped; their sums stay`);
    return 0;
  },
};
