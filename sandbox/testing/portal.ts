import { createServer, type IncomingMessage, type ServerResponse } from "node:http";

export type Received = {
  path: string;
  authorization: string | undefined;
  contentType: string | undefined;
  body: string;
};

/** A portal for tests: keeps what it is sent and answers as it is told to. */
export async function openPortal(
  answer: (received: Received) => { status: number; body?: string } = () => ({ status: 202 }),
) {
  const received: Received[] = [];
  const serve = async (request: IncomingMessage, response: ServerResponse) => {
    const parts: Buffer[] = [];
    for await (const part of request as AsyncIterable<Buffer>) parts.push(part);
    const post = {
      path: request.url ?? "",
      authorization: request.headers.authorization,
      contentType: request.headers["content-type"],
      body: Buffer.concat(parts).toString("utf8"),
    };
    received.push(post);
    const { status, body = "" } = answer(post);
    response.writeHead(status).end(body);
  };
  const server = createServer((request, response) => {
    serve(request, response).catch(() => request.socket.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" && address ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}`,
    received,
    envelopes: () => received.map(({ body }) => JSON.parse(body) as Record<string, unknown>),
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    },
  };
}
