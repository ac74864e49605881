import { readSandboxLedger } from "#lib/aws/sandbox.ts";
import { env } from "#lib/env.ts";
import { reconcile } from "#lib/metering/ledger/reconcile-ledger.ts";

/** Prints where every unit is. Answers 1 when something does not fit, and names it. */
export async function printReconciliation({ json }: { json?: boolean | undefined }): Promise<number> {
  const isSandbox = env().PORTAL_MODE === "sandbox";
  const ledger = isSandbox ? await readSandboxLedger() : null;
  const result = await reconcile(ledger);
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
