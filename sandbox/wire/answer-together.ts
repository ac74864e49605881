import type { IncomingHttpHeaders } from "node:http";
import type { Market } from "../state/market.ts";
import { type Answer, answerCall } from "./answer-call.ts";
import { JSON_1_1 } from "./services.ts";

type Call = { headers: IncomingHttpHeaders; body: string | undefined };
type Waiting = Call & { done(answer: Answer): void };

/** More than this is not answered in one go: the first must not wait for too many others. */
const MOST_TOGETHER = 100;

const lines = new WeakMap<Market, Waiting[]>();

/**
 * Answers a call together with those that came in the same moment: one transaction, one write, and no answer
 * leaves before it. What a commit costs is shared by many calls.
 */
export function answerTogether(market: Market, call: Call): Promise<Answer> {
  return new Promise((done) => {
    const line = lines.get(market) ?? [];
    lines.set(market, line);
    line.push({ ...call, done });
    if (line.length === 1) setImmediate(() => answerLine(market, line));
  });
}

function answerLine(market: Market, line: Waiting[]): void {
  const calls = line.splice(0, MOST_TOGETHER);
  for (const [index, answer] of answersOf(market, calls).entries()) calls[index]?.done(answer);
  // Whoever comes now starts a line of their own; whoever was left over is next.
  if (line.length > 0) setImmediate(() => answerLine(market, line));
}

function answersOf(market: Market, calls: readonly Call[]): Answer[] {
  try {
    return market.db.transaction(() => calls.map((call) => answerOne(market, call)));
  } catch (error) {
    console.error("The sandbox failed to write what it answered:", error);
    return calls.map(ourOwnFault);
  }
}

function answerOne(market: Market, { headers, body }: Call): Answer {
  try {
    return answerCall(market, headers, body);
  } catch (error) {
    console.error("The sandbox failed to answer a call:", error);
    return ourOwnFault();
  }
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
