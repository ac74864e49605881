import { createApiKey } from "../access/create-api-key.ts";
import { SCOPES } from "../access/scopes.ts";

type Handler<Context> = (request: Request, context: Context) => Promise<Response>;

/** A seller's product with a key for everything, which calls a route's handler as Next does. */
export async function openCaller() {
  const { secret } = await createApiKey({ name: "product", scopes: SCOPES, actor: "test", now: new Date() });
  return {
    calls: async <Context>(
      handler: Handler<Context>,
      call: { body?: unknown; type?: string; params?: Record<string, string> } = {},
    ): Promise<{ status: number; body: Record<string, unknown> }> => {
      const request = new Request("http://portal/", {
        method: call.body === undefined ? "GET" : "POST",
        headers: { authorization: `Bearer ${secret}`, "content-type": call.type ?? "application/json" },
        ...(call.body === undefined ? {} : { body: JSON.stringify(call.body) }),
      });
      const answer = await handler(request, { params: Promise.resolve(call.params ?? {}) } as Context);
      return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
    },
  };
}
