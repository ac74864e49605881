import { readFileSync } from "node:fs";
import { Hono } from "hono";

/** In this order they are the one stylesheet of the market. */
const STYLES = ["ground", "awning", "shop", "tickets", "panels", "lists", "year", "screens"];

/** The files that pages load: one stylesheet, one small script, one icon. Read once, at the start. */
export function pageFiles(): Hono {
  const files = new Hono();
  const serve = (path: string, type: string, content: string) =>
    files.get(path, (context) =>
      context.body(content, 200, { "content-type": type, "cache-control": "no-cache" }),
    );
  serve(
    "/market.css",
    "text/css; charset=utf-8",
    STYLES.map((name) => read(`./style/${name}.css`)).join("\n"),
  );
  serve("/market.js", "text/javascript; charset=utf-8", read("./market.js"));
  serve("/stall.svg", "image/svg+xml", read("./stall.svg"));
  return files;
}

function read(file: string): string {
  return readFileSync(new URL(file, import.meta.url), "utf8");
}
