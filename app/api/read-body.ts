import type { z } from "zod";
import { problem } from "./problem.ts";

/** Bodies up to this size are put together in the same memory, one after the other: a buffer for each would fill the heap. */
const GATHERED = Buffer.allocUnsafeSlow(512 * 1024);

/** Reads a body while counting it. Null: it is larger than allowed. */
export async function readText(request: Request, mostBytes: number): Promise<string | null> {
  if (Number(request.headers.get("content-length") ?? 0) > mostBytes) return null;
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of request.body ?? []) {
    size += chunk.length;
    if (size > mostBytes) return null;
    chunks.push(chunk);
  }
  if (size > GATHERED.length) return Buffer.concat(chunks).toString("utf8");
  let at = 0;
  for (const chunk of chunks) {
    GATHERED.set(chunk, at);
    at += chunk.length;
  }
  return GATHERED.toString("utf8", 0, size);
}

/** The media type of a request's body, without its parameters; empty when it names none. */
export function mediaTypeOf(request: Request): string {
  return request.headers.get("content-type")?.split(";")[0]?.trim().toLowerCase() ?? "";
}

/** Reads a JSON body of a given shape, or answers why not. */
export async function readJson<Schema extends z.ZodType>(
  request: Request,
  schema: Schema,
  mostBytes = 1024 * 1024,
  types = ["application/json"],
): Promise<{ ok: true; value: z.output<Schema> } | { ok: false; response: Response }> {
  const refuse = (status: number, code: string, detail: string) => ({
    ok: false as const,
    response: problem(status, code, detail),
  });
  if (!types.includes(mediaTypeOf(request)))
    return refuse(415, "unsupported_media_type", `Send ${types.join(" or ")}.`);
  const text = await readText(request, mostBytes);
  if (text === null) return refuse(413, "too_large", `Send at most ${mostBytes} bytes at once.`);
  let given: unknown;
  try {
    given = JSON.parse(text);
  } catch {
    return refuse(400, "invalid_json", "The body is not JSON.");
  }
  const parsed = schema.safeParse(given);
  if (!parsed.success) return refuse(400, "invalid_body", describeIssues(parsed.error.issues));
  return { ok: true, value: parsed.data };
}

/** Reads the query of a request, or answers why not. */
export function readQuery<Schema extends z.ZodType>(
  request: Request,
  schema: Schema,
): { ok: true; value: z.output<Schema> } | { ok: false; response: Response } {
  const parsed = schema.safeParse(Object.fromEntries(new URL(request.url).searchParams));
  if (parsed.success) return { ok: true, value: parsed.data };
  return { ok: false, response: problem(400, "invalid_query", describeIssues(parsed.error.issues)) };
}

/** What is wrong with a body, in words for whoever sent it. */
export function describeIssues(issues: { path: PropertyKey[]; message: string }[]): string {
  return issues
    .slice(0, 5)
    .map((issue) =>
      issue.path.length > 0 ? `${issue.path.map(String).join(".")}: ${issue.message}` : issue.message,
    )
    .join("; ");
}
