import { businessNow } from "#lib/database/clock.ts";
import { type HandEvent, recordEvent } from "#lib/licensing/record-event.ts";
import { ACTOR, CliProblem, must, say, type Verb } from "./options.ts";

/** What an event of AWS would have said that never came. */
export const LICENSE_VERBS: Record<string, Verb> = {
  "license granted": verbFor("granted", "says that AWS granted a license, when its event never came"),
  "license ended": verbFor("ended", "says that AWS ended a license, when its event never came"),
};

function verbFor(what: HandEvent["what"], does: string): Verb {
  return {
    takes: "<arn, l-… or our id> --at 2026-11-28T10:15:00Z",
    does,
    options: ["at"],
    words: 1,
    run: async ({ at }, [license]) => {
      if (!license) throw new CliProblem(`Say license ${what} <arn, l-… or our id> --at <AWS's time>`);
      const moment = new Date(must(at, "at", "when it was, by AWS's time, such as 2026-11-28T10:15:00Z"));
      if (Number.isNaN(moment.getTime()))
        throw new CliProblem(`${at} is no moment: write 2026-11-28T10:15:00Z`);
      const said = { license, what, at: moment };
      const done = await recordEvent(said, { actor: ACTOR, now: await businessNow() });
      if (!done.ok)
        throw new CliProblem(
          {
            in_the_future: `${at} is not over yet`,
            unknown_license: `No license here is called ${license}`,
            overruled: `AWS said something of a later moment than ${at}, so that stands and nothing was changed`,
          }[done.reason],
        );
      const { state, endsAt } = done.value;
      say(`${license} is ${state}${endsAt === null ? "" : `, its end is ${endsAt}`}`);
      return 0;
    },
  };
}
