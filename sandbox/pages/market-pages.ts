import { Hono } from "hono";
import { html } from "hono/html";
import { z } from "zod";
import { compareLedgers, isUnsettled } from "../lifecycle/compare-ledgers.ts";
import type { PortalDoors } from "../lifecycle/portal-doors.ts";
import { settle } from "../lifecycle/settle.ts";
import { findAgreement } from "../state/agreements.ts";
import { queueAgain } from "../state/events.ts";
import { changeFaults, clearFaults, FAULT_NAMES, readFaults } from "../state/faults.ts";
import type { Market } from "../state/market.ts";
import { countChanges } from "../state/settings.ts";
import { changeSwitches, resetSwitches, SwitchesPatch } from "../state/switches.ts";
import { agreementForms } from "./agreement-forms.ts";
import { agreementsPage } from "./agreements-page.ts";
import { callsPage } from "./calls-page.ts";
import { eventsPage } from "./events-page.ts";
import { page } from "./frame.ts";
import { ledgerPage } from "./ledger-page.ts";
import { makeNotices } from "./notices.ts";
import { pageFiles } from "./page-files.ts";
import { readingsPage } from "./readings-page.ts";
import { sameOriginPosts } from "./same-origin.ts";
import { shopPage, shopPath } from "./shop-page.ts";
import { turnClock } from "./turn-clock.ts";
import { stepLatency, stepLevel } from "./weather-panel.ts";

export type PageTools = {
  portal: PortalDoors | undefined;
  reset(askPortal: boolean): Promise<{ ok: boolean; said?: string }>;
  port(): number;
};

/** How often a page that stands open looks whether the portal has caught up, in milliseconds. */
const ASK_AGAIN_MS = 4_000;

const SECURITY = {
  "content-security-policy":
    "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self'; base-uri 'none'; frame-ancestors 'none'",
  "x-content-type-options": "nosniff",
  // Pages hold registration tokens: no cache keeps them.
  "cache-control": "no-store",
};

const Number1 = z.coerce.number().int().min(1).optional().catch(undefined);
const ClockForm = z.object({
  to: z.union([
    z.enum(["hour", "day", "month"]),
    z
      .string()
      .regex(/^\d{12,14}$/)
      .transform(Number),
  ]),
});
const ReadingsForm = z.union([
  z.object({ all: z.literal("default") }),
  z.object({ switch: z.string(), value: z.string() }),
]);
const WeatherForm = z.union([
  z.object({ step: z.literal("calm") }),
  z.object({ step: z.enum(["less", "more"]), fault: z.enum([...FAULT_NAMES, "latencyMs"]) }),
]);

/** The market's pages: HTML from the server, forms that POST and come back with 303, no script needed. */
export function marketPages(market: Market, { portal, reset, port }: PageTools): Hono {
  const pages = new Hono();
  const { db } = market;
  const notices = makeNotices();

  pages.route("/", pageFiles());

  pages.use(async (context, next) => {
    // The storefront and the portal are different sites, as at AWS: localhost here, 127.0.0.1 there. Only a browser that
    // opens a page is led over; a program that looks whether we live gets its 200 under either name.
    const isOpened = context.req.method === "GET" && context.req.header("sec-fetch-dest") === "document";
    if (isOpened && context.req.header("host")?.startsWith("127.")) {
      const { pathname, search } = new URL(context.req.url);
      return context.redirect(`http://localhost:${port()}${pathname}${search}`, 302);
    }
    settle(market);
    await next();
    for (const [name, value] of Object.entries(SECURITY)) context.header(name, value);
  });
  pages.use(sameOriginPosts);

  pages.get("/", async (context) => {
    const comparison = await compareLedgers(market);
    return context.html(
      shopPage(market, {
        bought: context.req.query("bought"),
        product: context.req.query("product"),
        notice: notices.read(context.req.query("notice")),
        comparison,
      }),
    );
  });
  pages.get("/agreements", (context) =>
    context.html(agreementsPage(market, notices.read(context.req.query("notice")))),
  );
  pages.get("/calls", (context) =>
    context.html(
      callsPage(market, {
        operation: context.req.query("operation"),
        before: Number1.parse(context.req.query("before")),
      }),
    ),
  );
  pages.get("/readings", (context) => context.html(readingsPage(market)));
  // Changes whenever anything was written: pages that stand open look here.
  pages.get("/live", (context) => {
    // What the portal has yet to say changes nothing here: it is looked for every few seconds.
    const again = isUnsettled(market) ? Math.floor(Date.now() / ASK_AGAIN_MS) : "";
    return context.text(`${countChanges(db)} ${again}`.trim());
  });
  pages.get("/events", (context) => context.html(eventsPage(market)));
  pages.get("/ledger", async (context) => {
    const comparison = await compareLedgers(market);
    return context.html(ledgerPage(market, Number1.parse(context.req.query("page")) ?? 1, comparison));
  });

  pages.route("/", agreementForms(market, notices));

  pages.post("/clock", async (context) => {
    const body = await context.req.parseBody();
    const form = ClockForm.safeParse(body);
    const problem = form.success
      ? await turnClock(market, portal, form.data.to)
      : "The market's clock has no such button.";
    return context.redirect(
      shopPath(onCounter(body.bought), problem && notices.leave(problem), "clock"),
      303,
    );
  });

  pages.post("/weather", async (context) => {
    const body = await context.req.parseBody();
    const form = WeatherForm.safeParse(body);
    if (form.success) db.transaction(() => changeWeather(form.data));
    return context.redirect(shopPath(onCounter(body.bought), undefined, "weather"), 303);
  });

  pages.post("/readings", async (context) => {
    const form = ReadingsForm.safeParse(await context.req.parseBody());
    if (form.success) db.transaction(() => changeReading(form.data));
    return context.redirect("/readings", 303);
  });

  pages.post("/events/:id/resend", (context) => {
    if (queueAgain(db, context.req.param("id"))) market.wakeDeliveries();
    return context.redirect("/events", 303);
  });

  pages.post("/reset", async (context) => {
    const done = await reset(true);
    const words = done.ok
      ? undefined
      : `The sandbox has forgotten everything, the portal has not. ${done.said ?? ""}`;
    return context.redirect(shopPath(undefined, words && notices.leave(words)), 303);
  });

  pages.all("*", (context) =>
    context.html(
      page(market, {
        title: "No such stall",
        path: undefined,
        body: html`<div class="wrap"><h1>There is no such stall</h1><p class="lead"><a href="/">Back to the shop</a></p></div>`,
      }),
      404,
    ),
  );

  const onCounter = (id: unknown) => (typeof id === "string" ? findAgreement(db, id) : undefined);

  const changeReading = (wish: z.output<typeof ReadingsForm>) => {
    if ("all" in wish) return resetSwitches(db);
    const patch = SwitchesPatch.safeParse({ [wish.switch]: wish.value });
    return patch.success ? changeSwitches(db, patch.data) : undefined;
  };

  const changeWeather = (wish: z.output<typeof WeatherForm>) => {
    if (wish.step === "calm") return clearFaults(db);
    const faults = readFaults(db);
    if (wish.fault === "latencyMs")
      return changeFaults(db, { latencyMs: stepLatency(faults.latencyMs, wish.step) });
    return changeFaults(db, { [wish.fault]: stepLevel(faults[wish.fault], wish.step) });
  };

  return pages;
}
