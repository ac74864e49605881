import { isIP } from "node:net";
import type { MiddlewareHandler } from "hono";

/**
 * Only a caller that addressed this machine by name comes in: as localhost, or, where the sandbox was told to listen
 * wider, by number or by the name it listens as. A web page that points its own domain at an address of this machine (DNS
 * rebinding) sends that domain in `Host` and is refused.
 */
export function ownHostOnly(listens: { host: string; port: () => number }): MiddlewareHandler {
  const isOpen = listens.host !== "127.0.0.1";
  const isOwn = (name: string) =>
    name === "localhost" ||
    name === "127.0.0.1" ||
    (isOpen && (name === listens.host || isIP(name.replace(/^\[|\]$/g, "")) !== 0));
  return async (context, next) => {
    const [, name, port] = /^(.*):(\d+)$/.exec(context.req.header("host") ?? "") ?? [];
    if (name !== undefined && Number(port) === listens.port() && isOwn(name)) return next();
    return context.json(
      { error: `The sandbox answers only to localhost:${listens.port()} and 127.0.0.1:${listens.port()}` },
      403,
    );
  };
}
