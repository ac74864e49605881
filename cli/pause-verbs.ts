import { declareRestore } from "#lib/metering/submission/declare-restore.ts";
import { pauseAll, resumeAll } from "#lib/metering/submission/pause-all.ts";
import { pauseProduct, resumeProduct } from "#lib/metering/submission/pause-product.ts";
import { ACTOR, CliProblem, say, type Verb } from "./options.ts";

/** The emergency stop: works as soon as the database does. */
export const PAUSE_VERBS: Record<string, Verb> = {
  pause: {
    takes: "--all | --product … [--reason …]",
    does: "stops calls to AWS; counting and sealing go on",
    options: ["all", "product", "reason"],
    words: 0,
    early: true,
    run: async (options) => {
      const by = { actor: ACTOR, reason: options.reason ?? "Paused by hand." };
      if ((options.all ?? false) === (options.product !== undefined))
        throw new CliProblem("Say pause --all, or pause --product <code>");
      if (options.all && !(await pauseAll(by))) {
        say("nothing is sent already: the pause after a restore stands until resume, with its own reason");
        return 0;
      }
      if (options.product !== undefined)
        known(await pauseProduct({ ...by, productCode: options.product }), options.product);
      say(`paused: nothing ${options.all ? "" : `of ${options.product} `}is sent to AWS until resume`);
      return 0;
    },
  },
  restored: {
    takes: "",
    does: "says that the database was put back from a copy: pauses, and marks what AWS may know",
    options: [],
    words: 0,
    early: true,
    run: async () => {
      await declareRestore({ actor: ACTOR });
      say("paused, and no hour closes: import CloudTrail's file of the time that is forgotten");
      say(
        "(cloudtrail <file>), let products send again what they sent since, with the same ids, then resume",
      );
      return 0;
    },
  },
  resume: {
    takes: "[--all | --product …]",
    does: "lets calls to AWS go on, all or one product's",
    options: ["all", "product"],
    words: 0,
    early: true,
    run: async (options) => {
      if (options.all && options.product !== undefined)
        throw new CliProblem("Say resume, or resume --product <code>");
      if (options.product === undefined) await resumeAll({ actor: ACTOR });
      else known(await resumeProduct({ actor: ACTOR, productCode: options.product }), options.product);
      say("resumed");
      return 0;
    },
  },
};

function known(result: { ok: boolean }, productCode: string): void {
  if (!result.ok) throw new CliProblem(`There is no product ${productCode}`);
}
