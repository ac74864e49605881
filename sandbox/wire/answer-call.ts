import { randomUUID } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import { settle } from "../lifecycle/settle.ts";
import { batchMeterUsage } from "../operations/batch-meter-usage.ts";
import { getEntitlements } from "../operations/get-entitlements.ts";
import { resolveCustomer } from "../operations/resolve-customer.ts";
import { keepCall } from "../state/calls.ts";
import { type FaultName, readFaults, strikes } from "../state/faults.ts";
import type { Market } from "../state/market.ts";
import { regionOfCaller } from "./caller.ts";
import { withoutTokens } from "./redact.ts";
import { Refusal } from "./refusal.ts";
import { readJson } from "./shapes.ts";

export const CONTENT_TYPE = "application/x-amz-json-1.1";

type Operation = (market: Market, body: unknown, region: string) => object;

const OPERATIONS = new Map<string, Operation>([
  ["AWSMPMeteringService.ResolveCustomer", resolveCustomer],
  ["AWSMPMeteringService.BatchMeterUsage", batchMeterUsage],
  ["AWSMPEntitlementService.GetEntitlements", getEntitlements],
]);

/** What goes back to the caller. `dropped` means: the connection is cut and the caller learns nothing. */
export type Answer = { status: number; body: string; requestId: string; latencyMs: number; dropped: boolean };

type Outcome = { status: number; body: string; error?: string; rule?: string; fault?: FaultName };

/**
 * Answers one call of the wire, in one transaction with its entry in the call log: what was answered is on disk, and
 * what is on disk was answered or is marked as lost.
 * @param text the body; undefined when it was too large to read
 */
export function answerCall(market: Market, headers: IncomingHttpHeaders, text: string | undefined): Answer {
  const target = headerOf(headers, "x-amz-target") ?? "";
  const operation = OPERATIONS.has(target) ? (target.split(".")[1] ?? target) : "unknown";
  const requestId = randomUUID();
  const latencyMs = readFaults(market.db).latencyMs;

  return market.db.transaction(() => {
    settle(market);
    const outcome = decide(market, headers, target, text);
    const dropped = outcome.fault === "dropBefore" || outcome.fault === "dropAfter";
    keepCall(market.db, {
      at: market.now(),
      operation,
      region: regionIfKnown(headers),
      status: dropped ? null : outcome.status,
      error: outcome.error ?? null,
      rule: outcome.rule ?? null,
      fault: outcome.fault ?? null,
      invocationId: headerOf(headers, "amz-sdk-invocation-id") ?? null,
      requestId,
      request: text === undefined ? "(larger than AWS reads: not kept)" : withoutTokens(operation, text),
      response: outcome.fault === "dropBefore" ? null : outcome.body,
    });
    return { status: outcome.status, body: outcome.body, requestId, latencyMs, dropped };
  });
}

/** Faults that keep the call from AWS come first, the one that loses the answer last. */
function decide(
  market: Market,
  headers: IncomingHttpHeaders,
  target: string,
  text: string | undefined,
): Outcome {
  const { db } = market;
  if (strikes(db, "dropBefore")) return { status: 0, body: "", fault: "dropBefore" };
  if (strikes(db, "throttle"))
    return { ...refused(new Refusal("ThrottlingException", "Rate exceeded", "")), fault: "throttle" };
  if (strikes(db, "error500")) {
    const ill = new Refusal(
      "InternalServiceErrorException",
      "An internal error has occurred. Retry your request.",
      "",
      500,
    );
    return { ...refused(ill), fault: "error500" };
  }
  const outcome = perform(market, headers, target, text);
  return strikes(db, "dropAfter") ? { ...outcome, fault: "dropAfter" } : outcome;
}

function perform(
  market: Market,
  headers: IncomingHttpHeaders,
  target: string,
  text: string | undefined,
): Outcome {
  try {
    const operation = OPERATIONS.get(target);
    if (!operation)
      throw new Refusal("UnknownOperationException", "The X-Amz-Target header names no operation", 1);
    const contentType = headerOf(headers, "content-type")?.split(";")[0]?.trim().toLowerCase();
    if (contentType !== CONTENT_TYPE) {
      throw new Refusal(
        "UnknownOperationException",
        `The content type of this service is ${CONTENT_TYPE}`,
        2,
      );
    }
    const region = regionOfCaller(headers);
    if (text === undefined)
      throw new Refusal("RequestEntityTooLargeException", "A request must be smaller than 1 MB", 35, 413);
    // Its own savepoint: a refused call leaves nothing behind, even one refused half way.
    const body = market.db.transaction(() => operation(market, readJson(text), region));
    return { status: 200, body: JSON.stringify(body) };
  } catch (error) {
    if (error instanceof Refusal) return refused(error);
    throw error;
  }
}

function refused(refusal: Refusal): Outcome {
  return {
    status: refusal.status,
    body: JSON.stringify({ __type: refusal.code, message: refusal.message }),
    error: refusal.code,
    ...(refusal.rule ? { rule: refusal.rule } : {}),
  };
}

function regionIfKnown(headers: IncomingHttpHeaders): string | null {
  try {
    return regionOfCaller(headers);
  } catch {
    return null;
  }
}

function headerOf(headers: IncomingHttpHeaders, name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value[0] : value;
}
