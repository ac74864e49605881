import { readSandboxLedger } from "#lib/aws/sandbox.ts";
import { env } from "#lib/env.ts";
import { listKeptMonths, recomputeMonth } from "#lib/metering/ledger/month-views.ts";
import { type Misfit, reconcile } from "#lib/metering/ledger/reconcile-ledger.ts";
import { monthOf, type Options } from "./options.ts";

/** Prints where every unit is. Answers 1 when something does not fit, and names it. `month`: recomputes raw events too. */
export async function printReconciliation({ json, month }: Options): Promise<number> {
  const isSandbox = env().PORTAL_MODE === "sandbox";
  const ledger = isSandbox ? await readSandboxLedger() : null;
  const balanced = await reconcile(ledger);
  const raw = month === undefined ? [] : await recomputeMonths(await monthsOf(month));
  const result = { ...balanced, misfits: [...balanced.misfits, ...raw] };
  const comparedWithAws = ledger !== null;
  const lines = json
    ? [JSON.stringify({ ...result, comparedWithAws })]
    : [
        `accepted ${result.accepted}`,
        ...Object.entries(result.places).map(([place, quantity]) => `  ${place.padEnd(18)} ${quantity}`),
        ...result.misfits.map(
          (m) => `does not fit: ${m.check}, ${m.subject}: expected ${m.expected}, found ${m.found}`,
        ),
        result.misfits.length === 0 ? "every unit is in its place" : `${result.misfits.length} do not fit`,
        ...(isSandbox
          ? [
              comparedWithAws
                ? "compared with AWS's ledger in the sandbox"
                : "the sandbox did not answer: not compared with AWS's ledger",
            ]
          : []),
      ];
  process.stdout.write(`${lines.join("\n")}\n`);
  return result.misfits.length === 0 ? 0 : 1;
}

/** The months whose raw events are to be recomputed: one, or all that are kept. */
async function monthsOf(month: string): Promise<Date[]> {
  if (month === "all") return listKeptMonths();
  return [monthOf(month, "Give --month 2026-11, or --month all")];
}

async function recomputeMonths(months: Date[]): Promise<Misfit[]> {
  const misfits: Misfit[] = [];
  for (const month of months) misfits.push(...(await recomputeMonth(month)));
  return misfits;
}
