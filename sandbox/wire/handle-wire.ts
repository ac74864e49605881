import type { IncomingMessage, ServerResponse } from "node:http";
import { setTimeout as pause } from "node:timers/promises";
import { untilMessage } from "../queue/long-poll.ts";
import type { Market } from "../state/market.ts";
import { type Answer, answerCall } from "./answer-call.ts";
import { readBody } from "./read-body.ts";
import { JSON_1_1 } from "./services.ts";

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
  let answer: Answer;
  try {
    answer = answerCall(market, request.headers, body);
  } catch (error) {
    console.error("The sandbox failed to answer a call:", error);
    answer = ourOwnFault();
  }
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

function ourOwnFault(): Answer {
  const body = JSON.stringify({
    __type: "InternalServiceErrorException",
    message: "The sandbox itself failed; see its output",
  });
  return {
    status: 500,
    headers: { "content-type": JSON_1_1, "x-amzn-requestid": "sandbox" },
    body,
    latencyMs: 0,
    cut: "no",
  };
}
