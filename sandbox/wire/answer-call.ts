import { randomUUID } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import { settle } from "../lifecycle/settle.ts";
import { keepCall } from "../state/calls.ts";
import { type FaultName, latencyOf, strikes } from "../state/faults.ts";
import type { Market } from "../state/market.ts";
import { readSwitches } from "../state/switches.ts";
import { callerOf } from "./caller.ts";
import { answerWithoutTokens, withoutTokens } from "./redact.ts";
import { Refusal } from "./refusal.ts";
import { JSON_1_1, type Named, operationOf, serviceOf } from "./services.ts";
import { readJson, refuseUnknownMembers } from "./shapes.ts";
import { badWeather } from "./weather.ts";

/** What goes back to the caller. `cut`: the connection is cut instead, or after half of the body. */
export type Answer = {
  status: number;
  headers: Record<string, string>;
  body: string;
  latencyMs: number;
  cut: "no" | "at-once" | "half-way";
};

type Outcome = {
  status: number;
  body: string;
  contentType?: string;
  errorType?: string;
  error?: string;
  rule?: string;
  fault?: FaultName;
  cut?: boolean;
};

type Call = {
  headers: IncomingHttpHeaders;
  target: string;
  named: Named | undefined;
  text: string | undefined;
};

/**
 * Answers one call of the wire, in one transaction with its entry in the call log: what was answered is on disk, and
 * what is on disk was answered or is marked as lost.
 * @param text the body; undefined when it was too large to read
 */
export function answerCall(market: Market, headers: IncomingHttpHeaders, text: string | undefined): Answer {
  const { db } = market;
  const target = headerOf(headers, "x-amz-target") ?? "";
  const named = operationOf(target);
  const name = named?.name ?? "unknown";
  const requestId = randomUUID();

  return db.transaction(() => {
    settle(market);
    const outcome = decide(market, { headers, target, named, text });
    const dropped = outcome.cut || outcome.fault === "dropBefore" || outcome.fault === "dropAfter";
    keepCall(db, {
      at: market.now(),
      operation: name,
      region: regionIfKnown(market, headers, target),
      status: dropped ? null : outcome.status,
      error: outcome.error ?? null,
      rule: outcome.rule ?? null,
      fault: outcome.fault ?? null,
      invocationId: headerOf(headers, "amz-sdk-invocation-id") ?? null,
      requestId,
      request: text === undefined ? "(larger than AWS reads: not kept)" : withoutTokens(name, text),
      response: keptAnswer(name, outcome),
    });
    return {
      status: outcome.status,
      headers: {
        "content-type": outcome.contentType ?? serviceOf(target)?.contentType ?? JSON_1_1,
        "x-amzn-requestid": requestId,
        ...(outcome.errorType ? { "x-amzn-errortype": outcome.errorType } : {}),
      },
      body: outcome.body,
      latencyMs: latencyOf(db, name),
      cut: dropped ? "at-once" : outcome.fault === "truncated" ? "half-way" : "no",
    };
  });
}

function keptAnswer(name: string, { fault, cut, body, contentType }: Outcome): string | null {
  if (fault === "dropBefore" || cut) return null;
  return contentType ? body : answerWithoutTokens(name, body);
}

/** Faults that keep the call from AWS come first, those that spoil the answer last. */
function decide(market: Market, call: Call): Outcome {
  const { db } = market;
  const name = call.named?.name ?? "unknown";
  if (strikes(db, "dropBefore", name)) return { status: 0, body: "", fault: "dropBefore" };
  const weather = badWeather(db, name, call.named?.service);
  if (weather) {
    if (!(weather.answer instanceof Refusal)) return { ...weather.answer, fault: weather.fault };
    return { ...refused(market, call, weather.answer), fault: weather.fault };
  }
  const outcome = perform(market, call);
  if (strikes(db, "dropAfter", name)) return { ...outcome, fault: "dropAfter" };
  return strikes(db, "truncated", name) ? { ...outcome, fault: "truncated" } : outcome;
}

function perform(market: Market, call: Call): Outcome {
  const { headers, named, text } = call;
  const switches = readSwitches(market.db);
  try {
    if (!named)
      throw new Refusal("UnknownOperationException", "The X-Amz-Target header names no operation", 1);
    const { service, name } = named;
    const contentType = headerOf(headers, "content-type")?.split(";")[0]?.trim().toLowerCase();
    if (contentType !== service.contentType && switches.contentType === "strict") {
      throw new Refusal(
        "UnknownOperationException",
        `The content type of this service is ${service.contentType}`,
        2,
      );
    }
    const caller = callerOf(headers, service.signingName, market.settings.sellerAccountId);
    if (name === "GetEntitlements" && switches.entitlementRegion === "us-east-1") {
      if (caller.region !== "us-east-1") return { status: 0, body: "", cut: true, rule: "32" };
    }
    if (switches.quotas === "on" && !market.quotas.allow(name, caller.accountId, caller.region)) {
      throw new Refusal("ThrottlingException", "Rate exceeded", name === "GetEntitlements" ? 31 : 50);
    }
    if (text === undefined)
      throw new Refusal("RequestEntityTooLargeException", "A request must be smaller than 1 MB", 35, 413);
    const body = readJson(text);
    if (switches.unknownMembers === "refused") refuseUnknownMembers(body);
    // Its own savepoint: a refused call leaves nothing behind, even one refused half way.
    const answer = market.db.transaction(() => named.perform(market, body, caller));
    return { status: 200, body: JSON.stringify(answer) };
  } catch (error) {
    if (error instanceof Refusal) return refused(market, call, error);
    throw error;
  }
}

/** AWS's error, its name spelled and its code chosen as the switches say. */
function refused(market: Market, { target, named }: Call, refusal: Refusal): Outcome {
  refusal.afterwards?.();
  const { errorNames, codes } = readSwitches(market.db);
  const code = codes[refusal.rule] ?? refusal.code;
  const service = named?.service ?? serviceOf(target);
  const long = `${service?.namespace ?? "com.amazon.coral.service"}#${code}`;
  const isQueue = service?.target === "AmazonSQS";
  const type = errorNames === "namespaced" || isQueue ? long : code;
  return {
    status: refusal.status,
    body: JSON.stringify({
      ...(errorNames === "header" ? {} : { __type: type }),
      message: refusal.message,
      ...refusal.members,
    }),
    ...(errorNames === "header" ? { errorType: `${code}:http://internal.amazon.com/coral/${long}/` } : {}),
    error: code,
    ...(refusal.rule ? { rule: refusal.rule } : {}),
  };
}

function regionIfKnown(market: Market, headers: IncomingHttpHeaders, target: string): string | null {
  try {
    const service = serviceOf(target)?.signingName ?? "aws-marketplace";
    return callerOf(headers, service, market.settings.sellerAccountId).region;
  } catch {
    return null;
  }
}

function headerOf(headers: IncomingHttpHeaders, name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value[0] : value;
}
