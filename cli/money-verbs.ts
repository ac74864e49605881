import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { businessNow } from "#lib/database/clock.ts";
import { examinePortal } from "#lib/jobs/examine-portal.ts";
import { CapForm, setCap } from "#lib/metering/closing/set-cap.ts";
import { ReplayChoice, replayRefused } from "#lib/metering/ingest/replay-refused.ts";
import { importTrail } from "#lib/metering/ledger/import-trail.ts";
import { NotATrail } from "#lib/metering/ledger/read-trail.ts";
import { settleRecords } from "#lib/metering/submission/settle-records.ts";
import { SettlementForm } from "#lib/metering/submission/settlement.ts";
import { ACTOR, CliProblem, must, type Options, say, type Verb } from "./options.ts";

/** What an operator does about usage and records. What cannot be undone is seen with --preview first. */
export const MONEY_VERBS: Record<string, Verb> = {
  doctor: {
    takes: "[--json]",
    does: "looks for other meters and whatever else could cost money",
    options: ["json"],
    words: 0,
    run: async ({ json }) => {
      const findings = await examinePortal(await businessNow());
      if (json) say(JSON.stringify(findings));
      else for (const { check, verdict, says } of findings) say(`${verdict.padEnd(5)} ${check}: ${says}`);
      return findings.some(({ verdict }) => verdict === "wrong") ? 1 : 0;
    },
  },
  cap: {
    takes: "--product … --dimension … --units n|usual",
    does: "the most whole units of an hour that go out by themselves",
    options: ["product", "dimension", "units"],
    words: 0,
    run: async (options) => {
      const { product: productCode, dimension, units } = options;
      const form = CapForm.safeParse({
        productCode,
        dimension,
        cap: units === "usual" ? null : Number(units),
      });
      if (!form.success)
        throw new CliProblem("Give --product, --dimension, and --units with a whole number or usual");
      const set = await setCap(form.data, { actor: ACTOR, now: await businessNow() });
      if (!set.ok) throw new CliProblem(`${productCode} has no dimension ${dimension}`);
      say(
        form.data.cap === null
          ? "each series has its usual cap again"
          : `capped at ${form.data.cap} units an hour`,
      );
      return 0;
    },
  },
  replay: {
    takes: "--code unknown_dimension [--preview]",
    does: "sends refused events through the door again",
    options: ["code", "preview"],
    words: 0,
    run: async (options) => {
      const choice = ReplayChoice.safeParse({ code: options.code });
      if (!choice.success)
        throw new CliProblem("Give --code: why the events were refused, for example unknown_dimension");
      const { preview = false } = options;
      const done = await replayRefused({
        choice: choice.data,
        actor: ACTOR,
        now: await businessNow(),
        preview,
      });
      if (preview) say(`${done.matched} events would be replayed`);
      else
        say(
          `${done.matched} replayed: ${done.accepted} accepted, ${done.duplicates} known, ${done.refused} refused again`,
        );
      return 0;
    },
  },
  cloudtrail: {
    takes: "<file> [--preview] [--json]",
    does: "settles records by a file of CloudTrail events, gz or json",
    options: ["preview", "json"],
    words: 1,
    run: runCloudTrail,
  },
  settle: {
    takes: "<record id> --to billed|not_billed|written_off --reason … [--preview]",
    does: "settles a record to be confirmed; billed takes --receipt",
    options: ["to", "reason", "receipt", "preview"],
    words: 1,
    run: runSettle,
  },
};

async function runCloudTrail(options: Options, [file]: string[]): Promise<number> {
  if (!file) throw new CliProblem("Name the file: npm run portal -- cloudtrail <file>");
  const found = await stat(file).catch(() => null);
  if (!found?.isFile()) throw new CliProblem(`There is no file ${file}`);
  const { preview = false } = options;
  try {
    const source = createReadStream(file) as AsyncIterable<Buffer>;
    const done = await importTrail({ source, actor: ACTOR, now: await businessNow(), preview });
    if (options.json) {
      say(JSON.stringify(done));
      return done.conflicting + done.foreign > 0 ? 1 : 0;
    }
    say(`${done.events} events read, ${done.lines} usage records, ${done.added} of them new`);
    if (done.unreadable > 0) say(`${done.unreadable} events could not be understood`);
    say(`${done.settled} records ${preview ? "would be" : "are"} billed by what CloudTrail shows`);
    for (const one of done.conflicts)
      say(
        `look: record ${one.recordId} (${one.state}): ${one.why.replaceAll("_", " ")}, here ${one.ours}, at AWS ${one.aws}`,
      );
    if (done.conflicting > done.conflicts.length) say(`look: ${done.conflicting} records in all`);
    if (done.foreign > 0)
      say(`look: AWS took ${done.foreign} records of your products that are not ours: see doctor`);
    return done.conflicting + done.foreign > 0 ? 1 : 0;
  } catch (error) {
    if (error instanceof NotATrail) throw new CliProblem(`${file}: ${error.message}`);
    throw error;
  }
}

const SECOND_PERSON = "it takes a second person, who says so on the record's page";

async function runSettle(options: Options, [id]: string[]): Promise<number> {
  const reason = must(options.reason, "reason", "three words or more; an auditor will read them");
  const kind = must(options.to, "to", "billed, not_billed or written_off");
  const form = SettlementForm.safeParse(
    kind === "billed" ? { kind, reason, receipts: { [id ?? ""]: options.receipt ?? "" } } : { kind, reason },
  );
  if (!id || !form.success)
    throw new CliProblem("Say settle <record id> --to …; billed takes --receipt with AWS's id");
  const by = { actor: ACTOR, isNameless: true, now: await businessNow(), preview: options.preview ?? false };
  const settled = await settleRecords({ ids: [id], form: form.data, ...by });
  if (!settled.ok) throw new CliProblem(settled.message ?? settled.reason);
  const [skipped] = settled.value.skipped;
  if (skipped?.reason === "needs_second_person") throw new CliProblem(`Left alone: ${SECOND_PERSON}`);
  if (skipped) throw new CliProblem(`Left alone: ${skipped.reason.replaceAll("_", " ")}`);
  say(
    settled.value.proposed > 0
      ? `waits: ${SECOND_PERSON}`
      : `${by.preview ? "would be settled" : "settled"}: ${kind.replaceAll("_", " ")}`,
  );
  return 0;
}
