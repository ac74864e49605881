import type { MiddlewareHandler } from "hono";

/**
 * A form of this market changes this market; a page of any other site does not. Browsers say where a POST comes from
 * in `Sec-Fetch-Site` and `Origin`; a program that says neither is not a browser that could be tricked.
 */
export const sameOriginPosts: MiddlewareHandler = async (context, next) => {
  if (context.req.method !== "POST") return next();
  const site = context.req.header("sec-fetch-site");
  const origin = context.req.header("origin");
  const foreign =
    (site !== undefined && site !== "same-origin") ||
    (origin !== undefined && origin !== `http://${context.req.header("host")}`);
  return foreign ? context.text("This form belongs to another site.", 403) : next();
};
