import { businessNow } from "#lib/database/clock.ts";
import { readHealth } from "#lib/jobs/health.ts";
import { guarded } from "../door.ts";
import { onlyBy } from "../problem.ts";

export const dynamic = "force-dynamic";

/** GET /api/ready: this process can serve. How worker and submission are is told, and never changes the status. */
export const GET = guarded(async () =>
  Response.json({ status: "ready", ...(await readHealth(await businessNow())) }),
);

const refuse = onlyBy("GET");

export { refuse as DELETE, refuse as PATCH, refuse as POST, refuse as PUT };
