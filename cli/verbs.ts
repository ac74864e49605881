import { databaseUrl } from "#lib/database/client.ts";
import { type Advance, advanceClock } from "#lib/jobs/advance-clock.ts";
import { resetEverything } from "#lib/jobs/reset-sandbox.ts";
import { runDue } from "#lib/jobs/run-due.ts";
import { ACCESS_VERBS } from "./access-verbs.ts";
import { LICENSE_VERBS } from "./license-verbs.ts";
import { MONEY_VERBS } from "./money-verbs.ts";
import { MONTH_VERB } from "./month-verb.ts";
import { MOVE_VERB } from "./move-verb.ts";
import { CliProblem, say, type Verb } from "./options.ts";
import { PAUSE_VERBS } from "./pause-verbs.ts";
import { PRODUCT_VERBS } from "./product-verbs.ts";
import { printReconciliation } from "./reconcile.ts";
import { REGION_VERB } from "./region-verb.ts";

const METER_MS = 10 * 60_000;
const SECONDS: Record<string, number> = { s: 1, m: 60, h: 3600, d: 86_400 };

/** Every verb, by the words that call it. Each answers its exit code. */
export const VERBS: Record<string, Verb> = {
  ...ACCESS_VERBS,
  meter: {
    takes: "",
    does: "does what is due now; closes no hour that has not ended",
    options: [],
    words: 0,
    run: async () => {
      const isQuiet = await runDue(Date.now() + METER_MS);
      say(isQuiet ? "everything due is done" : "still busy after ten minutes; the worker goes on");
      return isQuiet ? 0 : 1;
    },
  },
  reconcile: {
    takes: "[--month 2026-11|all] [--json]",
    does: "proves where every unit is, with a month's raw events too; exit 1 if one is not",
    options: ["month", "json"],
    words: 0,
    run: printReconciliation,
  },
  "drop-month": MONTH_VERB,
  ...PAUSE_VERBS,
  ...MONEY_VERBS,
  move: MOVE_VERB,
  "change-region": REGION_VERB,
  ...PRODUCT_VERBS,
  ...LICENSE_VERBS,
  "clock advance": {
    takes: "1h | --to hour-closed",
    does: "moves business time forward (sandbox mode)",
    options: ["to"],
    words: 1,
    run: async ({ to }, [amount]) => {
      const moved = await advanceClock(readAdvance(to, amount));
      if (!moved.ok) throw new CliProblem(`The clock stands: ${moved.reason.replaceAll("_", " ")}`);
      say(moved.value.arrived ? moved.value.now : `${moved.value.now}, on its way; the worker goes on`);
      return 0;
    },
  },
  reset: {
    takes: "",
    does: "starts portal and sandbox afresh (sandbox mode)",
    options: [],
    words: 0,
    run: async () => {
      const done = await resetEverything();
      if (!done.ok) throw new CliProblem(`Not everything was reset: ${done.reason.replaceAll("_", " ")}`);
      say("portal and sandbox are as new");
      return 0;
    },
  },
  "database-url": {
    takes: "",
    does: "prints the connection string in use",
    options: [],
    words: 0,
    run: async () => {
      say(databaseUrl());
      return 0;
    },
  },
};

function readAdvance(to: string | undefined, amount: string | undefined): Advance {
  if (to === "hour-closed" && amount === undefined) return { to };
  const [, count, unit] = /^(\d{1,8})([smhd])$/.exec(amount ?? "") ?? [];
  const seconds = Number(count) * (SECONDS[unit ?? ""] ?? 0);
  if (to !== undefined || !(seconds > 0))
    throw new CliProblem("Say clock advance 1h (s, m, h, d) or --to hour-closed");
  return { advanceSeconds: seconds };
}
