import { z } from "zod";
import { env } from "../env.ts";

/** The control doors of the stand-in for AWS. Only sandbox mode has them; they never speak to a real AWS host. */

const Products = z.object({
  items: z.array(
    z.object({
      productCode: z.string(),
      name: z.string(),
      pricingModel: z.enum(["subscription", "contract", "contract_with_consumption"]).optional(),
      dimensions: z.array(
        z.object({
          key: z.string(),
          type: z.enum(["metered", "entitled", "both"]),
          name: z.string().optional(),
          unit: z.string().optional(),
        }),
      ),
    }),
  ),
});
export type SandboxProduct = z.infer<typeof Products>["items"][number];

const Ledger = z.object({
  items: z.array(
    z.object({
      licenseArn: z.string().nullish(),
      dimension: z.string(),
      hour: z.string(),
      quantity: z.union([z.number(), z.string()]),
      meteringRecordId: z.string(),
      sends: z.number(),
    }),
  ),
});
export type SandboxLedgerLine = z.infer<typeof Ledger>["items"][number];

const Clock = z.object({ now: z.string() });

/** What the stand-in sells. Null when it does not answer. */
export async function listSandboxProducts(): Promise<SandboxProduct[] | null> {
  return Products.safeParse(await ask("GET", "products")).data?.items ?? null;
}

/** What the stand-in would bill. Null when it does not answer. */
export async function readSandboxLedger(): Promise<SandboxLedgerLine[] | null> {
  return Ledger.safeParse(await ask("GET", "ledger")).data?.items ?? null;
}

/** Moves the stand-in's clock ahead of real time. Answers its new time, or null when it does not follow. */
export async function putSandboxClock(offsetMs: number): Promise<Date | null> {
  const answer = Clock.safeParse(await ask("PUT", "clock", { offsetMs }));
  return answer.success ? new Date(answer.data.now) : null;
}

/** Empties the stand-in without asking it to ask us. */
export async function resetSandbox(): Promise<boolean> {
  return (await ask("POST", "reset", { portal: false })) !== null;
}

function sandboxAddress(): string {
  const current = env();
  if (current.PORTAL_MODE !== "sandbox") throw new Error("the sandbox's doors do not exist in live mode");
  const given = current.AWS_ENDPOINT_URL_MARKETPLACE_METERING ?? current.AWS_ENDPOINT_URL;
  return given ?? `http://127.0.0.1:${current.SANDBOX_PORT}`;
}

async function ask(method: "GET" | "PUT" | "POST", door: string, body?: object): Promise<unknown> {
  const address = `${sandboxAddress().replace(/\/$/, "")}/_sandbox/${door}`;
  try {
    const response = await fetch(address, {
      method,
      headers: { "content-type": "application/json" },
      signal: AbortSignal.timeout(10_000),
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    return response.ok ? await response.json() : null;
  } catch {
    // Not there, not JSON, too slow: the stand-in does not follow, and the caller says so.
    return null;
  }
}
