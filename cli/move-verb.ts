import { businessNow } from "#lib/database/clock.ts";
import { MoveForm, moveUnits } from "#lib/metering/submission/move-units.ts";
import { ACTOR, CliProblem, type Options, say, type Verb } from "./options.ts";

/** Moves units that AWS refused, or that wait unsealed, to where they belong. */
export const MOVE_VERB: Verb = {
  takes: "<record id> | <license id> <dimension> --to <license id>/<dimension> --reason … [--preview]",
  does: "moves a refused or unsealed quantity to another series of the buyer",
  options: ["to", "reason", "preview"],
  words: 2,
  run: async (options: Options, [first, dimension]: string[]) => {
    const from = dimension === undefined ? { recordId: first } : { licenseId: first, dimension };
    const [licenseId, ...rest] = (options.to ?? "").split("/");
    const form = MoveForm.safeParse({
      from,
      to: { licenseId, dimension: rest.join("/") },
      reason: options.reason ?? "",
    });
    if (!form.success) throw new CliProblem("Say move <record id> --to <license id>/<dimension> --reason …");
    const preview = options.preview ?? false;
    const moved = await moveUnits({ ...form.data, actor: ACTOR, now: await businessNow(), preview });
    if (!moved.ok)
      throw new CliProblem(`Left where they are: ${moved.message ?? moved.reason.replaceAll("_", " ")}`);
    say(`${moved.value.quantity} units ${preview ? "would move" : "moved"}`);
    return 0;
  },
};
