import { afterEach, describe, expect, test } from "vitest";
import { openPortal } from "../testing/portal.ts";
import { openSandbox, usageOf } from "../testing/sandbox.ts";

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});

describe("The shop", () => {
  test("Subscribe puts the purchase on the counter; its form holds a token that works, fresh after every reload", async () => {
    const { sandbox, portal, press, read } = await market();
    const [product] = /name="product" value="([^"]+)"/.exec(await read("/"))?.slice(1) ?? [];
    const bought = await press("/subscribe", {
      buyer: "553810027748",
      product,
      offer: "contract_with_consumption",
    });
    expect(bought).toMatch(/^\/\?bought=agmt-[a-z0-9]+$/);

    const tokens: string[] = [];
    for (let visit = 0; visit < 2; visit += 1) {
      const page = await read(bought);
      expect(page).toContain("Ostra Payments bought Halyard Vector Search");
      expect(page).toContain(`<form method="post" action="${portal.url}/register"`);
      const token = /name="x-amzn-marketplace-token" value="([^"]+)"/.exec(page)?.[1] ?? "";
      expect((await sandbox.resolve(token)).CustomerAWSAccountId).toBe("553810027748");
      tokens.push(token);
      // The ticket that was bought shows the same way on; a script or a screen reader finds one.
      expect(page.match(/class="ticket is-bought"/g)).toHaveLength(1);
      expect(page).toMatch(/form="set-up" aria-hidden="true" tabindex="-1">Set up your account/);
      expect(page).not.toContain(">Subscribe<");
    }
    expect((await read("/")).match(/>Subscribe</g)).toHaveLength(1);
    expect(tokens[0]).not.toBe(tokens[1]);
    expect((await sandbox.resolve(tokens[0] ?? "")).LicenseArn).toBe(
      (await sandbox.resolve(tokens[1] ?? "")).LicenseArn,
    );
  });

  test("a new account is made up on request, and a form that was tampered with buys nothing", async () => {
    const { sandbox, press, read } = await market();
    const { productCode: product } = await sandbox.subscribe();
    expect(
      await read(await press("/subscribe", { buyer: "new", product, offer: "contract_with_consumption" })),
    ).toContain("bought Halyard Vector Search");
    for (let more = 0; more < 3; more += 1) await sandbox.subscribe();
    // One row: the companies, the newest account, a new one. Whoever was made up before is folded away.
    const [row, older] = (await read("/")).split("Accounts made up before");
    expect(row?.match(/name="buyer"/g)).toHaveLength(5);
    expect(older?.match(/name="buyer"/g)).toHaveLength(4);
    expect(await read(await press("/subscribe", { buyer: "<b>", product, offer: "gift" }))).toContain(
      "Choose a buyer",
    );
  });

  test("the weather goes up and down in steps, and back to fair", async () => {
    const { sandbox, press } = await market();
    const level = async (fault: string) => (await sandbox.faults({}))[fault];
    expect(await press("/weather", { fault: "unprocessed", step: "more" })).toBe("/#weather");
    expect(await level("unprocessed")).toEqual({ next: 1 });
    for (const _ of [1, 2, 3]) await press("/weather", { fault: "unprocessed", step: "more" });
    expect(await level("unprocessed")).toBe(0.1);
    await press("/weather", { fault: "unprocessed", step: "less" });
    expect(await level("unprocessed")).toEqual({ next: 5 });
    await press("/weather", { fault: "throttle", step: "less" });
    expect(await level("throttle")).toBe(0);
    await press("/weather", { fault: "latencyMs", step: "more" });
    expect(await level("latencyMs")).toBe(120);
    await press("/weather", { step: "calm" });
    expect([await level("unprocessed"), await level("latencyMs")]).toEqual([0, 0]);
  });

  test("the clock asks the portal to walk, and says so when the portal will not", async () => {
    const { portal, press, read, sandbox } = await market({ SANDBOX_DOOR_KEY: "door-key" });
    const before = await sandbox.now();
    expect(await press("/clock", { to: "hour" })).toBe("/#clock");
    await press("/clock", { to: "day" });
    await press("/clock", { to: "month" });
    expect(
      portal.received.map(({ path, authorization, body }) => [path, authorization, JSON.parse(body)]),
    ).toEqual([
      ["/api/v1/sandbox/clock", "Bearer door-key", { to: "hour-closed" }],
      ["/api/v1/sandbox/clock", "Bearer door-key", { advanceSeconds: 86_400 }],
      ["/api/v1/sandbox/clock", "Bearer door-key", { advanceSeconds: expect.any(Number) }],
    ]);
    // It is the portal's walk that moves this clock; this portal did not.
    expect((await sandbox.now()) - before).toBeLessThan(5_000);

    portal.answerWith(409, '{"detail":"Submitting is paused."}');
    expect(await read(await press("/clock", { to: "hour" }))).toContain(
      "The portal answered 409: Submitting is paused.",
    );
    portal.answerWith(202);
    expect(await read(await press("/clock", { to: "hour" }))).toContain("still working");
    await portal.close();
    expect(await read(await press("/clock", { to: "hour" }))).toContain("The portal does not answer at");
  });

  test("without a portal the clock moves alone", async () => {
    const sandbox = await openSandbox();
    closing.push(sandbox.close);
    const move = (to: string) => post(sandbox.port, "/clock", { to });
    await move("hour");
    expect(new Date(await sandbox.now()).toISOString()).toMatch(/^2027-01-15T13:00/);
    await move("day");
    expect(new Date(await sandbox.now()).toISOString()).toMatch(/^2027-01-16T13:00/);
    await move("month");
    expect(new Date(await sandbox.now()).toISOString()).toMatch(/^2027-02-01T00:00/);
  });
});

describe("The other pages", () => {
  test("show agreements, calls, events and the ledger, and cancel an agreement", async () => {
    const { sandbox, press, read } = await market();
    const bought = await sandbox.subscribe({ customerAwsAccountId: "209471186530" });
    await sandbox.batch([usageOf(bought, { Quantity: 2760 })]);
    await sandbox.faults({ unprocessed: { next: 1 } });
    await sandbox.batch([usageOf(bought)]);

    expect(await read("/agreements")).toContain("Kestrel Robotics");
    expect(await read("/calls")).toContain("200 · 1 unprocessed");
    expect(await read("/calls?operation=BatchMeterUsage")).toContain("200 · 1 Success");
    expect(await read("/events")).toContain("License Updated - Manufacturer");
    expect(await read("/ledger")).toContain("2,760");
    expect(await press(`/agreements/${bought.agreementId}/cancel`, {})).toBe("/agreements");
    expect(await read("/agreements")).toContain("cancelled");
    expect(await read(await press(`/agreements/${bought.agreementId}/cancel`, {}))).toContain(
      "has ended already",
    );
  });

  test("calls are listed fifty at a time, each on one page only", async () => {
    const { sandbox, read } = await market();
    for (let sent = 0; sent < 51; sent += 1) await sandbox.wire("Nothing", `{"n":"call ${sent}."}`);
    const newest = await read("/calls");
    expect(newest).toContain("call 50.");
    expect(newest).not.toContain("call 0.");
    const older = /href="(\/calls\?before=\d+)">Older calls/.exec(newest)?.[1] ?? "";
    const oldest = await read(older);
    expect(oldest.match(/call \d+\./g)).toEqual(["call 0."]);
    expect(oldest).not.toContain("Older calls");
  });

  test("what callers send is shown as text, never as a part of the page", async () => {
    const { sandbox, read } = await market();
    await sandbox.wire(
      "AWSMPMeteringService.BatchMeterUsage",
      '{"UsageRecords":"<script>alert(1)</script>"}',
    );
    const page = await read("/calls");
    expect(page).toContain("&lt;script&gt;alert(1)");
    expect(page).not.toContain("<script>alert(1)");
  });

  test("reset forgets here and asks the portal", async () => {
    const { sandbox, portal, press } = await market({ SANDBOX_DOOR_KEY: "door-key" });
    await sandbox.subscribe();
    expect(await press("/reset", {})).toBe("/");
    expect((await sandbox.door("GET", "/_sandbox/events")).json).toEqual({ items: [] });
    expect(portal.received.at(-1)?.path).toBe("/api/v1/sandbox/reset");
  });

  test("a page that does not exist is a page, and every page keeps scripts and tokens to itself", async () => {
    const { sandbox } = await market();
    const missing = await fetch(`${sandbox.url}/nowhere`);
    expect([missing.status, await missing.text()]).toEqual([
      404,
      expect.stringContaining("There is no such stall"),
    ]);
    const { headers } = await fetch(sandbox.url);
    expect(headers.get("content-security-policy")).toContain("default-src 'none'");
    expect(headers.get("cache-control")).toBe("no-store");
    expect((await fetch(`${sandbox.url}/calls?before=x&operation=<b>`)).status).toBe(200);
    expect((await fetch(`${sandbox.url}/ledger?page=-4`)).status).toBe(200);
  });

  test("the market is one site: 127.0.0.1 leads to localhost, where the portal is not", async () => {
    const { sandbox } = await market();
    const answer = await fetch(`http://127.0.0.1:${sandbox.port}/?bought=agmt-1`, {
      redirect: "manual",
      headers: { "sec-fetch-dest": "document" },
    });
    expect([answer.status, answer.headers.get("location")]).toEqual([302, `${sandbox.url}/?bought=agmt-1`]);
  });

  test("a form of another site changes nothing", async () => {
    const { sandbox } = await market();
    const foreign: Record<string, string>[] = [
      { origin: "http://evil.example" },
      { origin: "null" },
      { "sec-fetch-site": "cross-site" },
      { "sec-fetch-site": "same-site", origin: sandbox.url },
    ];
    for (const headers of foreign) {
      const { status } = await post(sandbox.port, "/weather", { fault: "throttle", step: "more" }, headers);
      expect(status).toBe(403);
    }
    expect(await sandbox.faults({})).toMatchObject({ throttle: 0 });
    const own = await post(
      sandbox.port,
      "/weather",
      { fault: "throttle", step: "more" },
      { origin: sandbox.url, "sec-fetch-site": "same-origin" },
    );
    expect(own.status).toBe(303);
  });
});

/** A market with a portal beside it that takes everything. */
async function market(environment: Record<string, string> = {}) {
  let answer: { status: number; body?: string } = { status: 200 };
  const portal = await openPortal(({ path }) => (path.startsWith("/api/events") ? { status: 202 } : answer));
  const sandbox = await openSandbox({ PORTAL_URL: portal.url, ...environment });
  closing.push(portal.close, sandbox.close);
  return {
    sandbox,
    portal: {
      ...portal,
      answerWith: (status: number, body?: string) => {
        answer = { status, ...(body ? { body } : {}) };
      },
    },
    read: async (path: string) => (await fetch(`${sandbox.url}${path}`)).text(),
    /** Sends a form as the page's own button would; answers where it leads. */
    press: async (path: string, fields: Record<string, string | undefined>) => {
      const response = await post(sandbox.port, path, fields, { origin: sandbox.url });
      expect(response.status).toBe(303);
      return response.headers.get("location") ?? "";
    },
  };
}

function post(
  port: number,
  path: string,
  fields: Record<string, string | undefined>,
  headers: Record<string, string> = {},
) {
  const present = Object.entries(fields).filter((field): field is [string, string] => field[1] !== undefined);
  return fetch(`http://localhost:${port}${path}`, {
    method: "POST",
    body: new URLSearchParams(present),
    headers,
    redirect: "manual",
  });
}
