import { findLicense, listEntitlements } from "#lib/licensing/views.ts";
import { door } from "../../../../door.ts";
import { onlyBy, problem } from "../../../../problem.ts";

type Context = { params: Promise<{ id: string }> };

/** GET /api/v1/licenses/{id}/entitlements: what the license grants, as last read from AWS. */
export const GET = door<Context>("licenses:read", async (_request, { params }) => {
  const license = await findLicense(decodeURIComponent((await params).id));
  if (!license) return problem(404, "unknown_license", "There is no such license.");
  return Response.json({ items: await listEntitlements(license.id), nextCursor: null, asOf: license.asOf });
});

const refuse = onlyBy("GET");

export { refuse as DELETE, refuse as PATCH, refuse as POST, refuse as PUT };
