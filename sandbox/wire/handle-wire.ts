import type { IncomingMessage, ServerResponse } from "node:http";
import { setTimeout as pause } from "node:timers/promises";
import { untilMessage } from "../queue/long-poll.ts";
import type { Market } from "../state/market.ts";
import { answerTogether } from "./answer-together.ts";
import { readBody } from "./read-body.ts";

/** Speaks AWS JSON: `POST /` with `X-Amz-Target`. Node adds the real `Date`, which the SDKs set their clock by. */
export async function handleWire(
  market: Market,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const body = await readBody(request);
  if (request.headers["x-amz-target"] === "AmazonSQS.ReceiveMessage") {
    await untilMessage(market, body, () => response.destroyed);
    if (response.destroyed) return;
  }
  const answer = await answerTogether(market, { headers: request.headers, body });
  if (answer.latencyMs > 0) await pause(answer.latencyMs);
  if (answer.cut === "at-once") {
    request.socket.destroy();
    return;
  }
  response.writeHead(answer.status, {
    ...answer.headers,
    "content-length": Buffer.byteLength(answer.body),
  });
  if (answer.cut === "no") {
    response.end(answer.body);
    return;
  }
  const half = Buffer.from(answer.body).subarray(0, Math.floor(Buffer.byteLength(answer.body) / 2));
  response.write(half, () => request.socket.destroy());
}
