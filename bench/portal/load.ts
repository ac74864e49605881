import net from "node:net";
import { API_KEY } from "./stage.ts";

/** A POST as it goes over the wire, made before the clock starts. */
export function requestOf(path: string, body: string): Buffer {
  const head = [
    `POST ${path} HTTP/1.1`,
    "host: 127.0.0.1",
    `authorization: Bearer ${API_KEY}`,
    "content-type: application/json",
    `content-length: ${Buffer.byteLength(body)}`,
  ];
  return Buffer.from(`${head.join("\r\n")}\r\n\r\n${body}`);
}

/**
 * Sends requests over that many connections, each the next one when it has its answer, until there are none left. A lean
 * client, because it shares the machine with what it measures. Fails on any answer but 200 and hands every body on.
 */
export async function send(
  port: number,
  connections: number,
  next: () => Buffer | null,
  onAnswer: (body: string) => void = () => undefined,
): Promise<void> {
  await Promise.all(Array.from({ length: connections }, () => converse(port, next, onAnswer)));
}

function converse(port: number, next: () => Buffer | null, onAnswer: (body: string) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = net.connect(port, "127.0.0.1");
    socket.setNoDelay(true);
    let heard = "";
    const say = () => {
      const request = next();
      if (request) socket.write(request);
      else socket.end(resolve);
    };
    socket.once("connect", say);
    socket.on("error", reject);
    socket.on("data", (chunk) => {
      heard += chunk.toString("latin1");
      const body = bodyOf(heard);
      if (body === null) return;
      if (!heard.startsWith("HTTP/1.1 200")) {
        socket.destroy();
        return reject(new Error(`the portal answered ${heard.slice(0, 600)}`));
      }
      heard = "";
      onAnswer(body);
      say();
    });
  });
}

/** The body of an answer once all of it has come. */
function bodyOf(heard: string): string | null {
  const end = heard.indexOf("\r\n\r\n");
  if (end === -1) return null;
  const head = heard.slice(0, end).toLowerCase();
  const length = /content-length: (\d+)/.exec(head)?.[1];
  const rest = heard.slice(end + 4);
  if (length !== undefined) return rest.length >= Number(length) ? rest : null;
  return rest.endsWith("0\r\n\r\n") ? rest : null;
}
