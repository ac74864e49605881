import { z } from "zod";
import { businessNow } from "#lib/database/clock.ts";
import { endShadow, startShadow } from "#lib/metering/closing/change-mode.ts";
import { listLegacyBuyers } from "#lib/metering/closing/cut-over-views.ts";
import { CutOverForm, makeCutOver } from "#lib/metering/closing/make-cut-over.ts";
import { setHeartbeats } from "#lib/metering/closing/send-heartbeats.ts";
import { addHours } from "#lib/metering/hours.ts";
import { compareShadow } from "#lib/metering/ledger/shadow-views.ts";
import { ACTOR, CliProblem, must, type Options, say, type Verb } from "./options.ts";

const DIFFERENCES = 50;
const COMPARED_HOURS = 90 * 24;

/** How a product is metered. What cannot be undone is seen with --preview first. */
export const PRODUCT_VERBS: Record<string, Verb> = {
  shadow: {
    takes: "--product … --to on|off|compare [--preview | --from …]",
    does: "counts and compares while another program still meters",
    options: ["product", "to", "preview", "from"],
    words: 0,
    run: runShadow,
  },
  heartbeats: {
    takes: "--product … --to on|off",
    does: "tells AWS 0 for idle licenses, after everything else",
    options: ["product", "to"],
    words: 0,
    run: async (options) => {
      const productCode = must(options.product, "product", "its AWS product code");
      if (options.to !== "on" && options.to !== "off") throw new CliProblem("Give --to on or --to off");
      const wanted = options.to === "on";
      const set = await setHeartbeats({ productCode, wanted, actor: ACTOR, now: await businessNow() });
      if (!set.ok) throw new CliProblem(`There is no product ${productCode}`);
      say(wanted ? "idle licenses are told with 0 every hour" : "idle licenses are told nothing");
      return 0;
    },
  },
  "cut-over": {
    takes: "[--product … --buyer … --opted-in --arn id=arn,…] [--preview]",
    does: "takes a buyer from legacy to license style; alone: who is left",
    options: ["product", "buyer", "opted-in", "arn", "preview"],
    words: 0,
    run: runCutOver,
  },
};

async function runShadow(options: Options): Promise<number> {
  const productCode = must(options.product, "product", "its AWS product code");
  const now = await businessNow();
  const request = {
    productCode,
    actor: ACTOR,
    now,
    preview: options.preview ?? false,
    from: hourFrom(options.from),
  };
  if (options.to === "compare") return printComparison(productCode, now);
  if (options.to !== "on" && options.to !== "off") throw new CliProblem("Give --to on, off or compare");
  const changed = await (options.to === "on" ? startShadow(request) : endShadow(request));
  if (!changed.ok)
    throw new CliProblem(`Not now: ${changed.reason.replaceAll("_", " ")}. ${changed.message ?? ""}`.trim());
  const { from, carried } = changed.value;
  const who = options.to === "on" ? "another program tells" : "this portal tells";
  say(`${request.preview ? "would begin: " : ""}${who} AWS every hour from ${from.toISOString()} on`);
  if (request.preview) say(`with --from ${from.toISOString()} it begins so, or not at all`);
  if (carried !== "0")
    say(`${carried} units wait unsealed and go into that hour: look whether the other program told them`);
  return 0;
}

function hourFrom(word: string | undefined): Date | undefined {
  if (word === undefined) return undefined;
  const hour = z.iso.datetime().safeParse(word);
  if (!hour.success) throw new CliProblem("Give --from as the preview names it: 2026-11-21T10:00:00.000Z");
  return new Date(hour.data);
}

async function printComparison(productCode: string, now: Date): Promise<number> {
  const of = { productCode, from: addHours(now, -COMPARED_HOURS), to: now };
  const { equal, different, differences } = await compareShadow(of, DIFFERENCES);
  say(`${equal} hours are equal, ${different} differ from what CloudTrail shows`);
  for (const { hour, dimension, licenseArn, customer, here, there } of differences)
    say(
      `  ${hour} ${dimension} ${licenseArn ?? customer ?? ""}: here ${here ?? "nothing"}, at AWS ${there ?? "nothing"}`,
    );
  return different > 0 ? 1 : 0;
}

async function runCutOver(options: Options): Promise<number> {
  if (!options.product && !options.buyer) return printLegacyBuyers();
  const licenseArns = Object.fromEntries((options.arn ?? "").split(",").filter(Boolean).map(pairOf));
  const form = CutOverForm.safeParse({
    productCode: options.product,
    buyerId: options.buyer,
    optedIn: options["opted-in"],
    licenseArns,
  });
  if (!form.success)
    throw new CliProblem(
      "Give --product, --buyer, --arn <license id>=<arn> and, once AWS has switched, --opted-in",
    );
  const made = await makeCutOver(form.data, {
    actor: ACTOR,
    now: await businessNow(),
    preview: options.preview ?? false,
  });
  if (!made.ok)
    throw new CliProblem(`Not now: ${made.reason.replaceAll("_", " ")}. ${made.message ?? ""}`.trim());
  say(`${options.preview ? "would begin: " : ""}license style from ${made.value.from.toISOString()} on`);
  return 0;
}

async function printLegacyBuyers(): Promise<number> {
  const buyers = await listLegacyBuyers(100);
  if (buyers.length === 0) say("everybody is told in license style");
  for (const one of buyers) {
    const next = one.onTheWay > 0 ? `${one.onTheWay} records on the way come first` : "ready";
    const arns = one.nameless.length > 0 ? `; needs the ARN of ${one.nameless.join(", ")}` : "";
    say(
      `${one.productCode} ${one.buyerId} (${one.customerAwsAccountId ?? one.customerIdentifier}): ${next}${arns}`,
    );
  }
  return 0;
}

function pairOf(pair: string): [string, string] {
  const at = pair.indexOf("=");
  return [pair.slice(0, Math.max(0, at)), pair.slice(at + 1)];
}
