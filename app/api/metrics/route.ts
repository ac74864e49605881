import { createHash, timingSafeEqual } from "node:crypto";
import { env } from "#lib/env.ts";
import { readMetrics } from "#lib/jobs/metrics.ts";
import { bearerOf, guarded } from "../door.ts";
import { onlyBy, problem } from "../problem.ts";

export const dynamic = "force-dynamic";

/** GET /api/metrics: Prometheus text for operators. Open only to a sandbox's own machine; else METRICS_TOKEN opens it. */
export const GET = guarded(async (request: Request) => {
  const { METRICS_TOKEN: token, PORTAL_MODE, HOST } = env();
  const isOpen = token === undefined && PORTAL_MODE === "sandbox" && HOST === "127.0.0.1";
  if (!isOpen && !isSame(bearerOf(request), token))
    return problem(401, "unauthorized", "Send Authorization: Bearer with METRICS_TOKEN.", {
      "www-authenticate": "Bearer",
    });
  const { text, contentType } = await readMetrics();
  return new Response(text, { headers: { "content-type": contentType, "cache-control": "no-store" } });
});

const refuse = onlyBy("GET");

export { refuse as DELETE, refuse as PATCH, refuse as POST, refuse as PUT };

function isSame(given: string | null, token: string | undefined): boolean {
  if (given === null || token === undefined) return false;
  const hash = (text: string) => createHash("sha256").update(text).digest();
  return timingSafeEqual(hash(given), hash(token));
}
