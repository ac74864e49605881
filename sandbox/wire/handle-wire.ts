import type { IncomingMessage, ServerResponse } from "node:http";
import { setTimeout as pause } from "node:timers/promises";
import type { Market } from "../state/market.ts";
import { type Answer, answerCall, CONTENT_TYPE } from "./answer-call.ts";
import { readBody } from "./read-body.ts";

/** Speaks AWS JSON 1.1: `POST /` with `X-Amz-Target`. Node adds the real `Date`, which the SDKs set their clock by. */
export async function handleWire(
  market: Market,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const body = await readBody(request);
  let answer: Answer;
  try {
    answer = answerCall(market, request.headers, body);
  } catch (error) {
    console.error("The sandbox failed to answer a call:", error);
    answer = ourOwnFault();
  }
  if (answer.latencyMs > 0) await pause(answer.latencyMs);
  if (answer.dropped) {
    request.socket.destroy();
    return;
  }
  response.writeHead(answer.status, {
    "content-type": CONTENT_TYPE,
    "content-length": Buffer.byteLength(answer.body),
    "x-amzn-requestid": answer.requestId,
  });
  response.end(answer.body);
}

function ourOwnFault(): Answer {
  const body = JSON.stringify({
    __type: "InternalServiceErrorException",
    message: "The sandbox itself failed; see its output",
  });
  return { status: 500, body, requestId: "sandbox", latencyMs: 0, dropped: false };
}
