import type { MiddlewareHandler } from "hono";

/**
 * Only a caller that addressed this machine by name comes in. A web page that points its own domain at 127.0.0.1
 * (DNS rebinding) sends that domain in `Host` and is refused.
 */
export function ownHostOnly(port: () => number): MiddlewareHandler {
  return async (context, next) => {
    const host = context.req.header("host") ?? "";
    if (host === `localhost:${port()}` || host === `127.0.0.1:${port()}`) return next();
    return context.json(
      { error: `The sandbox answers only to localhost:${port()} and 127.0.0.1:${port()}` },
      403,
    );
  };
}
