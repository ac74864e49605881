import { findLicense } from "#lib/licensing/views.ts";
import { door } from "../../../door.ts";
import { onlyBy, problem } from "../../../problem.ts";

type Context = { params: Promise<{ id: string }> };

/** GET /api/v1/licenses/{id}: by our id, or the trailing l-… of its ARN. */
export const GET = door<Context>("licenses:read", async (_request, { params }) => {
  const license = await findLicense(decodeURIComponent((await params).id));
  return license ? Response.json(license) : problem(404, "unknown_license", "There is no such license.");
});

const refuse = onlyBy("GET");

export { refuse as DELETE, refuse as PATCH, refuse as POST, refuse as PUT };
