import { buildCopy } from "#scripts/build-copy.ts";

/** A route that reads a body and answers, and does nothing else: what the server itself costs. */
const BARE_ROUTE = `
export async function POST(request: Request) {
  const { events } = (await request.json()) as { events: unknown[] };
  return Response.json({ accepted: events.length, duplicates: 0, rejected: [] });
}
`;

/** The production build of a copy of the portal that has one route more, /api/bare. Answers where it is. */
export const buildWithBareRoute = (): Promise<string> =>
  buildCopy("bench", { "app/api/bare/route.ts": BARE_ROUTE });
