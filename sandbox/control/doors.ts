import { Hono } from "hono";
import { moveClock, readClock } from "../lifecycle/market-clock.ts";
import { nextMoments } from "../lifecycle/moments.ts";
import { QUEUES, queueUrl } from "../queue/queues.ts";
import { listCalls } from "../state/calls.ts";
import { listEvents, queueAgain } from "../state/events.ts";
import { changeFaults, FaultsPatch, readFaults } from "../state/faults.ts";
import { type LedgerPlace, ledgerFrom } from "../state/ledger.ts";
import type { Market } from "../state/market.ts";
import { listShelf } from "../state/products.ts";
import { CHOICES, changeSwitches, readSwitches, resetSwitches, SwitchesPatch } from "../state/switches.ts";
import { agreementDoors } from "./agreement-doors.ts";
import { callItem, eventItem, ledgerItem } from "./items.ts";
import { isJson, needsJson, withBody } from "./json-body.ts";
import { CallsQuery, ClockRequest, EventsQuery, mistakesIn, ResetRequest } from "./requests.ts";
import { stateDoors } from "./state-doors.ts";

const MOST_EVENTS = 1_000;
const LEDGER_PIECE = 1_000;

/** What programs steer the sandbox with: JSON in, JSON out, under `/_sandbox`. */
export function controlDoors(
  market: Market,
  reset: (askPortal: boolean) => Promise<{ ok: boolean; said?: string }>,
): Hono {
  const doors = new Hono();
  const { db } = market;

  doors.get("/ledger", (context) =>
    context.body(ledgerStream(market), 200, { "content-type": "application/json" }),
  );
  doors.get("/clock", (context) => context.json(readClock(market)));
  doors.put("/clock", (context) =>
    withBody(context, ClockRequest, ({ offsetMs }) => context.json(moveClock(market, offsetMs))),
  );
  doors.get("/moments", (context) =>
    context.json({
      items: nextMoments(market).map(({ at, words }) => ({ at: new Date(at).toISOString(), words })),
    }),
  );
  doors.get("/faults", (context) => context.json(readFaults(db)));
  doors.put("/faults", (context) =>
    withBody(context, FaultsPatch, (patch) => context.json(db.transaction(() => changeFaults(db, patch)))),
  );
  doors.get("/switches", (context) => context.json({ ...readSwitches(db), choices: CHOICES }));
  doors.put("/switches", (context) =>
    withBody(context, SwitchesPatch, (patch) =>
      context.json(db.transaction(() => changeSwitches(db, patch))),
    ),
  );
  doors.delete("/switches", (context) =>
    isJson(context) ? context.json(resetSwitches(db)) : needsJson(context),
  );

  doors.get("/products", (context) =>
    context.json({
      items: listShelf(db).map(({ code, name, pricingModel, integration, dimensions }) => ({
        productCode: code,
        name,
        pricingModel,
        integration,
        dimensions: dimensions.map(({ key, type, name, unit }) => ({ key, type, name, unit })),
      })),
    }),
  );
  doors.get("/queues", (context) =>
    context.json({
      items: QUEUES.map((name) => ({ name, queueUrl: queueUrl(market, market.settings, name) })),
    }),
  );

  doors.get("/calls", (context) => {
    const query = CallsQuery.safeParse(context.req.query());
    if (!query.success) return context.json({ error: mistakesIn(query.error) }, 400);
    return context.json({ items: listCalls(db, query.data).map(callItem) });
  });

  doors.get("/events", (context) => {
    const query = EventsQuery.safeParse(context.req.query());
    if (!query.success) return context.json({ error: mistakesIn(query.error) }, 400);
    return context.json({ items: listEvents(db, MOST_EVENTS, query.data.channel).map(eventItem) });
  });
  doors.post("/events/:id/resend", (context) => {
    if (!isJson(context)) return needsJson(context);
    if (!queueAgain(db, context.req.param("id")))
      return context.json({ error: "There is no such event" }, 404);
    market.wakeDeliveries();
    return context.json({ queued: true }, 202);
  });

  doors.route("/", agreementDoors(market));
  doors.route("/", stateDoors(market));

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

/** The whole ledger, newest hour first, piece by piece: a million records must not stand in memory at once. */
function ledgerStream({ db }: Market): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  let place: LedgerPlace | undefined;
  return new ReadableStream({
    pull: (controller) => {
      const piece = ledgerFrom(db, place, LEDGER_PIECE);
      const lines = piece.map((entry) => JSON.stringify(ledgerItem(entry))).join(",");
      const open = place === undefined ? '{"items":[' : lines === "" ? "" : ",";
      const isLast = piece.length < LEDGER_PIECE;
      place = piece.at(-1) ?? { hour: 0, recordedAt: 0, row: 0 };
      controller.enqueue(encoder.encode(`${open}${lines}${isLast ? "]}" : ""}`));
      if (isLast) controller.close();
    },
  });
}
