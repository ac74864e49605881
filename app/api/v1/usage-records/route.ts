import { z } from "zod";
import { findLicense } from "#lib/licensing/views.ts";
import { isCursor, listRecords } from "#lib/metering/ledger/views.ts";
import { RECORD_STATES } from "#lib/metering/shapes.ts";
import { door } from "../../door.ts";
import { onlyBy } from "../../problem.ts";
import { readQuery } from "../../read-body.ts";

const Time = z.iso.datetime({ offset: true }).transform((text) => new Date(text));
const Query = z.strictObject({
  state: z.enum(RECORD_STATES).optional(),
  licenseArn: z.string().optional(),
  dimension: z.string().optional(),
  from: Time.optional(),
  to: Time.optional(),
  cursor: z.string().refine(isCursor, "is not one that a list gave out").optional(),
  limit: z.coerce.number().int().min(1).max(1_000).default(100),
});

/** GET /api/v1/usage-records: records newest hour first. */
export const GET = door("usage:read", async (request) => {
  const query = readQuery(request, Query);
  if (!query.ok) return query.response;
  const { licenseArn, cursor, limit, ...filter } = query.value;
  const license = licenseArn === undefined ? undefined : await findLicense(licenseArn);
  if (license === null) return Response.json({ items: [], nextCursor: null });
  return Response.json(await listRecords({ ...filter, licenseId: license?.id }, { cursor, limit }));
});

const refuse = onlyBy("GET");

export { refuse as DELETE, refuse as PATCH, refuse as POST, refuse as PUT };
