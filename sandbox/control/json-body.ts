import type { Context } from "hono";
import type { z } from "zod";
import { mistakesIn } from "./requests.ts";

/** No door takes more than a few names and numbers. */
const MOST_BYTES = 1_000_000;

/** Parses a JSON body (an empty one is `{}`) and hands it on; what is wrong with it is said in one line, with 400. */
export async function withBody<Schema extends z.ZodType>(
  context: Context,
  schema: Schema,
  answer: (body: z.output<Schema>) => Response | Promise<Response>,
): Promise<Response> {
  if (!isJson(context)) return needsJson(context);
  if (Number(context.req.header("content-length") ?? 0) > MOST_BYTES)
    return context.json({ error: "The body is too large" }, 413);
  const text = await context.req.text();
  let body: unknown;
  try {
    body = text.trim() === "" ? {} : JSON.parse(text);
  } catch {
    return context.json({ error: "The body is not JSON" }, 400);
  }
  const parsed = schema.safeParse(body);
  return parsed.success ? answer(parsed.data) : context.json({ error: mistakesIn(parsed.error) }, 400);
}

/** A web page of another site cannot send this content type without asking first, and nobody here says yes. */
export function isJson(context: Context): boolean {
  return context.req.header("content-type")?.split(";")[0]?.trim().toLowerCase() === "application/json";
}

/** What is said to a body that does not say that it is JSON. */
export function needsJson(context: Context): Response {
  return context.json({ error: "Send content-type: application/json" }, 415);
}
