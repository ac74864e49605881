import { z } from "zod";
import { env } from "#lib/env.ts";
import { listBilledHours } from "#lib/metering/ledger/billed-hours.ts";
import { door, guarded } from "../../../door.ts";
import { onlyBy, problem } from "../../../problem.ts";
import { readQuery } from "../../../read-body.ts";

const Place = z.tuple([z.iso.datetime(), z.string(), z.string(), z.string(), z.string()]);

const Cursor = z.string().transform((text, context) => {
  const place = Place.safeParse(jsonIn(Buffer.from(text, "base64url").toString()));
  if (place.success) {
    const [hour, productCode, licenseArn, customerAwsAccountId, dimension] = place.data;
    return { hour, productCode, licenseArn, customerAwsAccountId, dimension };
  }
  context.addIssue("is not one that a list gave out");
  return z.NEVER;
});

const Query = z.strictObject({
  cursor: Cursor.optional(),
  limit: z.coerce.number().int().min(1).max(5_000).default(5_000),
});

const billed = door("sandbox:clock", async (request) => {
  const query = readQuery(request, Query);
  if (!query.ok) return query.response;
  const { items, last } = await listBilledHours({ after: query.value.cursor, limit: query.value.limit });
  const place = last && [
    last.hour,
    last.productCode,
    last.licenseArn,
    last.customerAwsAccountId,
    last.dimension,
  ];
  const nextCursor = place && Buffer.from(JSON.stringify(place)).toString("base64url");
  return Response.json({ items, nextCursor }, { headers: { "cache-control": "no-store" } });
});

/** GET /api/v1/sandbox/billed: what the sandbox's ledger compares itself with. In live mode there is no such door. */
export const GET = guarded(async (request: Request) =>
  env().PORTAL_MODE === "sandbox"
    ? billed(request, undefined)
    : problem(404, "not_found", "There is no such door."),
);

const refuse = onlyBy("GET");

export { refuse as DELETE, refuse as PATCH, refuse as POST, refuse as PUT };

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
