import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Taker } from "./portals.ts";

/** Where the sandbox delivers lifecycle events: each goes to a portal, and is answered when that has kept it. */
export async function openEventDoor() {
  let portal: () => Taker | null = () => null;
  const serve = async (request: IncomingMessage, response: ServerResponse) => {
    const parts: Buffer[] = [];
    for await (const part of request as AsyncIterable<Buffer>) parts.push(part);
    try {
      const envelope: unknown = JSON.parse(Buffer.concat(parts).toString("utf8"));
      const taker = portal();
      await taker?.hear(envelope);
      response.writeHead(taker ? 202 : 503).end();
    } catch {
      response.writeHead(503).end();
    }
  };
  const server = createServer((request, response) => {
    serve(request, response).catch(() => request.socket.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    leadsTo: (find: () => Taker | null) => {
      portal = find;
    },
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    },
  };
}
