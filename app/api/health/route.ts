/** GET /api/health: this process lives. Asks nobody. */
export function GET(): Response {
  return Response.json({ status: "alive" });
}

export const dynamic = "force-dynamic";
