import { z } from "zod";
import type { SandboxSettings } from "../env.ts";

/** How long one page of the portal's answer may take, and all of them, in milliseconds. */
const PAGE_PATIENCE_MS = 1_500;
const PATIENCE_MS = 5_000;
const MOST_PAGES = 20;

const Units = z
  .string()
  .regex(/^\d{1,15}$/)
  .transform(Number);
const Page = z.object({
  items: z.array(
    z.object({
      hour: z.iso.datetime({ offset: true }).transform((hour) => Date.parse(hour)),
      productCode: z.string(),
      licenseArn: z.string(),
      customerAwsAccountId: z.string(),
      dimension: z.string(),
      billed: Units,
      asked: Units,
    }),
  ),
  nextCursor: z.string().nullable(),
});

/** What the portal holds AWS's receipts for, and what it sent without having heard back, hour by hour. */
export type PortalBill = {
  /** The lines are whole from this moment on: 0 when they are all there are. */
  since: number;
  lines: z.output<typeof Page>["items"];
};

/** Whether there is a portal to ask, and a key to ask it with. */
export const canAskPortal = ({ portalUrl, doorKey }: SandboxSettings): boolean =>
  portalUrl !== undefined && doorKey !== undefined;

/** Asks the portal what it takes for billed, newest hour first. Undefined when it does not answer, or not as agreed. */
export async function askPortalBill({
  portalUrl,
  doorKey,
}: SandboxSettings): Promise<PortalBill | undefined> {
  const lines: PortalBill["lines"] = [];
  const begun = performance.now();
  let cursor: string | null = null;
  for (let pages = 0; pages < MOST_PAGES && performance.now() - begun < PATIENCE_MS; pages += 1) {
    const query = cursor === null ? "" : `&cursor=${encodeURIComponent(cursor)}`;
    const page = await pageOf(`${portalUrl}/api/v1/sandbox/billed?limit=5000${query}`, doorKey);
    if (!page) return undefined;
    lines.push(...page.items);
    cursor = page.nextCursor;
    if (cursor === null) return { since: 0, lines };
  }
  // The last hour that was read may go on: it does not count.
  const last = lines.at(-1)?.hour ?? 0;
  return { since: last + 1, lines: lines.filter(({ hour }) => hour > last) };
}

async function pageOf(url: string, key: string | undefined): Promise<z.output<typeof Page> | undefined> {
  try {
    const answer = await fetch(url, {
      headers: { authorization: `Bearer ${key}` },
      redirect: "error",
      signal: AbortSignal.timeout(PAGE_PATIENCE_MS),
    });
    if (answer.status !== 200) {
      await answer.body?.cancel();
      return undefined;
    }
    return Page.safeParse(await answer.json()).data;
  } catch {
    return undefined;
  }
}
