import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { join } from "node:path";
import { getRequestListener } from "@hono/node-server";
import { Hono } from "hono";
import { controlDoors } from "./control/doors.ts";
import { ownHostOnly } from "./control/own-host.ts";
import type { SandboxSettings } from "./env.ts";
import { startDeliveries } from "./lifecycle/deliveries.ts";
import { portalDoors } from "./lifecycle/portal-doors.ts";
import { settle } from "./lifecycle/settle.ts";
import { notificationDoors } from "./notifications/doors.ts";
import { marketPages } from "./pages/market-pages.ts";
import { sandboxNow } from "./state/clock.ts";
import { openDatabase } from "./state/database.ts";
import type { Market } from "./state/market.ts";
import { seedCatalog } from "./state/products.ts";
import { openQuotas } from "./state/quotas.ts";
import { resetState } from "./state/reset.ts";
import { handleWire } from "./wire/handle-wire.ts";

/** How often the market looks whether something fell due while nobody asked, in milliseconds of real time. */
const SETTLE_EVERY_MS = 1_000;

export type Sandbox = { port: number; url: string; stop(): Promise<void> };

/**
 * Starts the stand-in for AWS Marketplace, on loopback unless told otherwise: the wire (`POST /`), the control doors (`/_sandbox`) and the
 * pages. Port 0 picks a free one. Throws Node's own error when the port is taken.
 */
export async function startSandbox(
  settings: SandboxSettings,
  durability: { isDurable?: boolean } = {},
): Promise<Sandbox> {
  const db = openDatabase(join(settings.dataDir, "sandbox", "state.sqlite"), durability);
  db.transaction(() => seedCatalog(db));
  let port = settings.port;
  const url = () => `http://localhost:${port}`;
  const tools = { db, settings, quotas: openQuotas(), now: () => sandboxNow(db), url };
  const deliveries = startDeliveries(tools);
  const market: Market = { ...tools, wakeDeliveries: deliveries.wake };
  const portal = portalDoors(settings);

  /** An event under way must not reach a portal that has just forgotten everything: it is broken off first. */
  const reset = async (askPortal: boolean): Promise<{ ok: boolean; said?: string }> => {
    resetState(db);
    await deliveries.interrupt();
    return askPortal && portal ? portal.reset() : { ok: true };
  };

  const app = new Hono();
  app.use(ownHostOnly({ host: settings.host, port: () => port }));
  app.route("/_sandbox", controlDoors(market, reset));
  app.route("/_sns", notificationDoors(market));
  app.route("/", marketPages(market, { portal, reset, port: () => port }));
  app.onError((error, context) => {
    console.error("The sandbox failed to answer a page or a door:", error);
    return context.json({ error: "The sandbox itself failed; see its output" }, 500);
  });

  const toPages = getRequestListener(app.fetch);
  const server = createServer((request: IncomingMessage, response: ServerResponse) => {
    const isWire = request.method === "POST" && request.url === "/";
    const work = isWire ? handleWire(market, request, response) : toPages(request, response);
    // A caller that hangs up in the middle is no news.
    Promise.resolve(work).catch(() => request.socket.destroy());
  });

  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(settings.port, settings.host, resolve);
  }).catch((error) => {
    db.close();
    throw error;
  });
  const address = server.address();
  if (address && typeof address === "object") port = address.port;

  deliveries.wake();
  const settling = setInterval(() => {
    settle(market);
    // An event that was held until this moment of the sandbox's clock.
    deliveries.wake();
  }, SETTLE_EVERY_MS);

  return {
    port,
    url: url(),
    stop: async () => {
      clearInterval(settling);
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await Promise.all([closed, deliveries.stop()]);
      db.close();
    },
  };
}
