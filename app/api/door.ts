import { identifyApiKey } from "#lib/access/identify-api-key.ts";
import type { Scope } from "#lib/access/scopes.ts";
import { describeError, log } from "#lib/log.ts";
import { problem } from "./problem.ts";

export type Caller = { id: string; name: string };

/**
 * A door of the seller's product: a bearer key with the scope, then one handler. What nobody expected is logged and
 * answered without details; a database that is away is a 503, so that clients come again.
 */
export function door<Context>(
  scope: Scope,
  handler: (request: Request, context: Context, caller: Caller) => Promise<Response>,
): (request: Request, context: Context) => Promise<Response> {
  return guarded(async (request: Request, context: Context) => {
    const secret = bearerOf(request);
    const key = secret === null ? null : await identifyApiKey(secret);
    if (!key)
      return problem(401, "unauthorized", "Send Authorization: Bearer with one of your API keys.", {
        "www-authenticate": "Bearer",
      });
    if (!key.scopes.includes(scope))
      return problem(403, "missing_scope", `This key lacks the scope ${scope}. Make one that has it.`);
    return handler(request, context, key);
  });
}

/** Turns surprises into answers. Every handler without a key of its own is wrapped in this. */
export function guarded<Arguments extends unknown[]>(
  handler: (...given: Arguments) => Promise<Response>,
): (...given: Arguments) => Promise<Response> {
  return async (...given) => {
    try {
      return await handler(...given);
    } catch (error) {
      const isAway = AWAY.test(describeError(error).error);
      if (!isAway && isUnwritable(error))
        return problem(
          400,
          "invalid_text",
          "A text in this request holds a character that cannot be stored.",
        );
      log.error("door.failed", describeError(error));
      if (isAway)
        return problem(503, "database_away", "The database does not answer. Send it again.", {
          "retry-after": "5",
        });
      return problem(500, "internal", "This should not have happened. It is in the portal's log.");
    }
  };
}

/** A NUL or half a character (PostgreSQL: 22021, 22P05), or a path that is not properly encoded. */
function isUnwritable(error: unknown): boolean {
  return error instanceof URIError || /22021|22P05|invalid byte sequence/.test(describeError(error).error);
}

export function bearerOf(request: Request): string | null {
  return /^Bearer +(\S+)$/i.exec(request.headers.get("authorization") ?? "")?.[1] ?? null;
}

/** Prisma's and PostgreSQL's ways to say that nobody is there, or that all connections are busy. */
const AWAY = new RegExp(
  [
    ...["P1001", "P1017", "P2024", "P2028", "Can't reach database", "timeout exceeded", "too many clients"],
    ...["ECONNREFUSED", "ECONNRESET", "terminating connection", "connection terminated", "connection error"],
    ...["starting up", "shutting down", "accepting connections", "in recovery mode"], // PostgreSQL: 57P03
  ].join("|"),
  "i",
);
