import { AwsRegion } from "#lib/env.ts";
import { changeRegion } from "#lib/metering/submission/change-region.ts";
import { ACTOR, CliProblem, say, type Verb } from "./options.ts";

/** Early: the portal itself does not start with a region that its database does not have. */
export const REGION_VERB: Verb = {
  takes: "<region>",
  does: "tells AWS in another region from the next sealed hour on",
  options: [],
  words: 1,
  early: true,
  run: async (_options, [word]) => {
    const region = AwsRegion.safeParse(word);
    if (!region.success) throw new CliProblem("Say change-region <region>, such as eu-central-1");
    const changed = await changeRegion({ region: region.data, actor: ACTOR });
    if (!changed.ok)
      throw new CliProblem(
        `Not now: hours before ${changed.until.toISOString().slice(0, 16).replace("T", " ")} UTC may have been told before the restore, and AWS notices that in their own region only. Change it once they are sealed.`,
      );
    say(
      `${changed.from ?? "no region"} becomes ${region.data}: set AWS_REGION=${region.data} and start every process again`,
    );
    return 0;
  },
};
