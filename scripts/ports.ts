import { type AddressInfo, createServer } from "node:net";

/** A port of this machine's loopback that nobody listens on right now. */
export function freePort(): Promise<number> {
  return listenOnce(0, "127.0.0.1");
}

/** Whether a server could listen there: false when another one does. Any other failure (no such host) is thrown. */
export async function isPortFree(port: number, host = "127.0.0.1"): Promise<boolean> {
  try {
    await listenOnce(port, host);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EADDRINUSE") return false;
    throw error;
  }
}

function listenOnce(port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen({ port, host, exclusive: true }, () => {
      const taken = (server.address() as AddressInfo).port;
      server.close(() => resolve(taken));
    });
  });
}
