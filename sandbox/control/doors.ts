import { type Context, Hono } from "hono";
import type { z } from "zod";
import { moveClock, readClock } from "../lifecycle/market-clock.ts";
import { cancelAgreement } from "../lifecycle/settle.ts";
import { subscribe } from "../lifecycle/subscribe.ts";
import { findAgreementByLicense } from "../state/agreements.ts";
import { type Call, listCalls } from "../state/calls.ts";
import { listEvents, queueAgain } from "../state/events.ts";
import { changeFaults, FaultsPatch, readFaults } from "../state/faults.ts";
import { type LedgerEntry, listLedger } from "../state/ledger.ts";
import type { Market } from "../state/market.ts";
import { listProducts } from "../state/products.ts";
import {
  CallsQuery,
  CancelRequest,
  ClockRequest,
  mistakesIn,
  ResetRequest,
  SubscribeRequest,
} from "./requests.ts";

const EVERYTHING = -1;
const MOST_EVENTS = 1_000;

/** What programs steer the sandbox with: JSON in, JSON out, under `/_sandbox`. */
export function controlDoors(
  market: Market,
  reset: (askPortal: boolean) => Promise<{ ok: boolean; said?: string }>,
): Hono {
  const doors = new Hono();
  const { db } = market;

  doors.get("/ledger", (context) => context.json({ items: listLedger(db, EVERYTHING).map(ledgerItem) }));
  doors.get("/clock", (context) => context.json(readClock(market)));
  doors.put("/clock", (context) =>
    withBody(context, ClockRequest, ({ offsetMs }) => context.json(moveClock(market, offsetMs))),
  );
  doors.get("/faults", (context) => context.json(readFaults(db)));
  doors.put("/faults", (context) =>
    withBody(context, FaultsPatch, (patch) => context.json(db.transaction(() => changeFaults(db, patch)))),
  );

  doors.get("/products", (context) =>
    context.json({
      items: listProducts(db).map(({ code, name, pricingModel, dimensions }) => ({
        productCode: code,
        name,
        pricingModel,
        dimensions: dimensions.map(({ key, type, name, unit }) => ({ key, type, name, unit })),
      })),
    }),
  );

  doors.get("/calls", (context) => {
    const query = CallsQuery.safeParse(context.req.query());
    if (!query.success) return context.json({ error: mistakesIn(query.error) }, 400);
    return context.json({ items: listCalls(db, query.data).map(callItem) });
  });

  doors.get("/events", (context) =>
    context.json({
      items: listEvents(db, MOST_EVENTS).map(({ id, detailType, state, attempts, lastAnswer, body }) => ({
        id,
        detailType,
        state,
        attempts,
        lastAnswer,
        envelope: JSON.parse(body) as unknown,
      })),
    }),
  );

  doors.post("/events/:id/resend", (context) => {
    if (!isJson(context)) return needsJson(context);
    if (!queueAgain(db, context.req.param("id")))
      return context.json({ error: "There is no such event" }, 404);
    market.wakeDeliveries();
    return context.json({ queued: true }, 202);
  });

  doors.post("/subscribe", (context) =>
    withBody(
      context,
      SubscribeRequest,
      ({ productCode, customerAwsAccountId, offer, licenseAfterSeconds }) => {
        const bought = subscribe(market, {
          productCode,
          accountId: customerAwsAccountId,
          offer,
          licenseAfterSeconds,
        });
        if (!bought.ok)
          return context.json({ error: "productCode: the market does not sell this product" }, 400);
        const { agreement, registrationToken } = bought;
        return context.json({
          registrationToken,
          licenseArn: agreement.licenseArn,
          customerAwsAccountId: agreement.accountId,
          productCode: agreement.productCode,
          agreementId: agreement.id,
        });
      },
    ),
  );

  doors.post("/cancel", (context) =>
    withBody(context, CancelRequest, ({ licenseArn }) => {
      const agreement = findAgreementByLicense(db, licenseArn);
      if (!agreement) return context.json({ error: "There is no such license" }, 404);
      const cancelled = cancelAgreement(market, agreement.id);
      if (!cancelled.ok) return context.json({ error: "The agreement has ended already" }, 409);
      return context.json({ agreementId: agreement.id, licenseArn, status: cancelled.agreement.endStatus });
    }),
  );

  doors.post("/reset", (context) =>
    withBody(context, ResetRequest, async ({ portal }) => {
      const done = await reset(portal);
      if (done.ok) return context.json({ reset: true });
      return context.json(
        { reset: true, error: `The sandbox is reset, the portal is not. ${done.said ?? ""}`.trim() },
        502,
      );
    }),
  );

  doors.all("*", (context) => context.json({ error: "There is no such door" }, 404));
  return doors;
}

/** Parses a JSON body (an empty one is `{}`) and hands it on; what is wrong with it is said in one line, with 400. */
async function withBody<Schema extends z.ZodType>(
  context: Context,
  schema: Schema,
  answer: (body: z.output<Schema>) => Response | Promise<Response>,
): Promise<Response> {
  if (!isJson(context)) return needsJson(context);
  const text = await context.req.text();
  let body: unknown;
  try {
    body = text.trim() === "" ? {} : JSON.parse(text);
  } catch {
    return context.json({ error: "The body is not JSON" }, 400);
  }
  const parsed = schema.safeParse(body);
  return parsed.success ? answer(parsed.data) : context.json({ error: mistakesIn(parsed.error) }, 400);
}

/** A web page of another site cannot send this content type without asking first, and nobody here says yes. */
function isJson(context: Context): boolean {
  return context.req.header("content-type")?.split(";")[0]?.trim().toLowerCase() === "application/json";
}

function needsJson(context: Context): Response {
  return context.json({ error: "Send content-type: application/json" }, 415);
}

function ledgerItem(entry: LedgerEntry): object {
  return {
    identity: entry.identity,
    region: entry.region,
    productCode: entry.productCode,
    licenseArn: entry.licenseArn,
    customerAwsAccountId: entry.accountId,
    dimension: entry.dimension,
    hour: new Date(entry.hour).toISOString(),
    quantity: entry.quantity,
    allocations: JSON.parse(entry.allocations) as unknown,
    meteringRecordId: entry.meteringRecordId,
    sends: entry.sends,
  };
}

function callItem(call: Call): object {
  const { at, operation, region, status, error, rule, fault, invocationId, requestId, request, response } =
    call;
  return {
    at: new Date(at).toISOString(),
    operation,
    region,
    status,
    error,
    rule,
    fault,
    invocationId,
    requestId,
    request,
    response,
  };
}
