import { z } from "zod";
import { listLicenses } from "#lib/licensing/views.ts";
import { door } from "../../door.ts";
import { onlyBy } from "../../problem.ts";
import { readQuery } from "../../read-body.ts";

/** The last row of a page: its creation and id. */
const Cursor = z.string().transform((text, context) => {
  const [createdAt, id] = Buffer.from(text, "base64url").toString().split(" ");
  if (createdAt && id && !Number.isNaN(Date.parse(createdAt)) && /^[0-9a-f-]{36}$/.test(id))
    return { createdAt: new Date(createdAt), id };
  context.addIssue("is not one that a list gave out");
  return z.NEVER;
});

const Query = z.strictObject({
  licenseArn: z.string().optional(),
  customerAwsAccountId: z.string().optional(),
  customerIdentifier: z.string().optional(),
  productCode: z.string().optional(),
  state: z.enum(["pending", "active", "ending", "ended", "suspended"]).optional(),
  cursor: Cursor.optional(),
  limit: z.coerce.number().int().min(1).max(1_000).default(100),
});

/** GET /api/v1/licenses: what buyers hold, newest first. */
export const GET = door("licenses:read", async (request) => {
  const query = readQuery(request, Query);
  if (!query.ok) return query.response;
  const { cursor, ...filter } = query.value;
  const { items, last } = await listLicenses({ ...filter, after: cursor });
  const nextCursor = last && Buffer.from(`${last.createdAt.toISOString()} ${last.id}`).toString("base64url");
  return Response.json({ items, nextCursor });
});

const refuse = onlyBy("GET");

export { refuse as DELETE, refuse as PATCH, refuse as POST, refuse as PUT };
