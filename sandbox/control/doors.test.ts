import { request } from "node:http";
import { describe, expect } from "vitest";
import { NOON, openSandbox, usageOf } from "../testing/sandbox.ts";
import { test } from "../testing/sandbox-test.ts";

describe("The control doors", () => {
  test("products are on the shelf with their dimensions", async ({ sandbox }) => {
    const { json } = await sandbox.door("GET", "/_sandbox/products");
    expect(json).toMatchObject({
      items: [
        {
          productCode: expect.stringMatching(/^[a-z0-9]{25}$/),
          name: "Halyard Vector Search",
          pricingModel: "contract_with_consumption",
          dimensions: [
            { key: "gb_indexed", type: "both", name: "Gigabytes indexed", unit: "GB" },
            { key: "api_calls", type: "metered", name: "API calls", unit: "call" },
            { key: "seats", type: "entitled", name: "Seats", unit: "seat" },
          ],
        },
        { name: "Halyard Pipeline", integration: "concurrent" },
        { name: "Halyard Search Classic", integration: "legacy" },
      ],
    });
  });

  test("subscribe takes an account, makes one up without, and says what is wrong otherwise", async ({
    sandbox,
  }) => {
    expect(await sandbox.subscribe({ customerAwsAccountId: "123456789012" })).toMatchObject({
      customerAwsAccountId: "123456789012",
      agreementId: expect.stringMatching(/^agmt-[a-z0-9]{25}$/),
    });
    expect((await sandbox.subscribe()).customerAwsAccountId).toMatch(/^\d{12}$/);

    const refused = async (wishes: object) => {
      const { status, json } = await sandbox.door("POST", "/_sandbox/subscribe", wishes);
      return [status, (json as { error: string }).error];
    };
    expect(await refused({ integration: "by post" })).toEqual([400, expect.stringContaining("integration")]);
    expect(await refused({ customerAwsAccountId: "12" })).toEqual([
      400,
      "customerAwsAccountId: must be 12 digits",
    ]);
    expect(await refused({ offer: "gift" })).toEqual([400, expect.stringContaining("offer")]);
    expect(await refused({ productCode: "nothing" })).toEqual([
      400,
      expect.stringContaining("does not sell"),
    ]);
  });

  test("the clock is real time plus an offset, and says so", async ({ sandbox }) => {
    const { json } = await sandbox.door("PUT", "/_sandbox/clock", { offsetMs: 3_600_000 });
    const clock = json as { now: string; offsetMs: number };
    expect(clock.offsetMs).toBe(3_600_000);
    expect(Math.abs(Date.parse(clock.now) - Date.now() - 3_600_000)).toBeLessThan(2_000);
    expect((await sandbox.door("PUT", "/_sandbox/clock", { offsetMs: 1.5 })).status).toBe(400);
    expect((await sandbox.door("PUT", "/_sandbox/clock", { offsetMs: 1e18 })).status).toBe(400);
  });

  test("faults are changed one by one and refused when they make no sense", async ({ sandbox }) => {
    await sandbox.faults({ throttle: 0.5 });
    const clear = { throttle: 0.5, error500: 0, dropBefore: 0, html503: 0, unprocessed: 0, operations: {} };
    expect(await sandbox.faults({ dropAfter: { next: 2 }, latencyMs: 5 })).toMatchObject({
      ...clear,
      dropAfter: { next: 2 },
      latencyMs: 5,
    });
    for (const nonsense of [
      { throttle: 2 },
      { throttle: { next: -1 } },
      { latencyMs: "slow" },
      { rain: 1 },
    ]) {
      expect((await sandbox.door("PUT", "/_sandbox/faults", nonsense)).status).toBe(400);
    }
  });

  test("reset forgets everything, the clock too, and fills the shelf again", async ({ sandbox }) => {
    const bought = await sandbox.subscribe();
    await sandbox.batch([usageOf(bought)]);
    await sandbox.faults({ throttle: 1 });
    expect((await sandbox.door("POST", "/_sandbox/reset", { portal: false })).json).toEqual({ reset: true });

    expect((await sandbox.ledger()).items).toEqual([]);
    expect((await sandbox.calls()).items).toEqual([]);
    expect((await sandbox.door("GET", "/_sandbox/events")).json).toEqual({ items: [] });
    expect(Math.abs((await sandbox.now()) - Date.now())).toBeLessThan(2_000);
    expect((await sandbox.subscribe()).productCode).toBe(bought.productCode);
    await expect(sandbox.resolve(bought.registrationToken)).rejects.toThrow("invalid");
  });

  test("a web page cannot use them: they want their own host name and application/json", async ({
    sandbox,
  }) => {
    expect((await sandbox.door("POST", "/_sandbox/reset", {}, { "content-type": "text/plain" })).status).toBe(
      415,
    );
    expect(
      (await sandbox.door("POST", "/_sandbox/cancel", {}, { "content-type": "text/plain" })).status,
    ).toBe(415);
    expect(await statusForHost(sandbox.port, "/_sandbox/ledger", "evil.example")).toBe(403);
    expect(await statusForHost(sandbox.port, "/", `evil.example:${sandbox.port}`)).toBe(403);
    expect(await statusForHost(sandbox.port, "/_sandbox/ledger", "localhost:1")).toBe(403);
    expect(await statusForHost(sandbox.port, "/_sandbox/ledger", `localhost:${sandbox.port}`)).toBe(200);
  });

  test("told to listen wider it can be addressed by number, and still not by a web page", async () => {
    const sandbox = await openSandbox({ SANDBOX_HOST: "0.0.0.0" });
    const status = (host: string, path = "/_sandbox/ledger") => statusForHost(sandbox.port, path, host);
    expect(await status(`10.0.0.5:${sandbox.port}`)).toBe(200);
    expect(await status(`10.0.0.5:${sandbox.port}`, "/")).toBe(200);
    expect(await status(`[fd00::5]:${sandbox.port}`)).toBe(200);
    expect(await status(`localhost:${sandbox.port}`)).toBe(200);
    expect(await status(`evil.example:${sandbox.port}`)).toBe(403);
    await sandbox.close();
  });

  test("nonsense is answered, never with 500", async ({ sandbox }) => {
    const raw = async (path: string, body: string) =>
      (
        await fetch(`http://127.0.0.1:${sandbox.port}${path}`, {
          method: "POST",
          body,
          headers: { "content-type": "application/json" },
        })
      ).status;
    for (const body of ["{", "[]", "null", "1"]) expect(await raw("/_sandbox/subscribe", body)).toBe(400);
    expect(await raw("/_sandbox/nowhere", "{}")).toBe(404);
    expect((await sandbox.door("GET", "/_sandbox/calls?limit=much")).status).toBe(400);
    expect((await sandbox.door("POST", "/_sandbox/cancel", { licenseArn: "none" })).status).toBe(404);
    expect((await sandbox.door("POST", "/_sandbox/events/none/resend", {})).status).toBe(404);
  });

  test("a cancel cannot be repeated", async ({ sandbox }) => {
    const { licenseArn } = await sandbox.subscribe();
    expect((await sandbox.door("POST", "/_sandbox/cancel", { licenseArn })).json).toMatchObject({
      status: "CANCELLED",
    });
    expect((await sandbox.door("POST", "/_sandbox/cancel", { licenseArn })).status).toBe(409);
  });

  test("a contract that ran out while the clock jumped ends at its own time", async ({ sandbox }) => {
    const bought = await sandbox.subscribe();
    await sandbox.setClock(NOON + 400 * 86_400_000);
    const { json } = await sandbox.door("GET", "/_sandbox/events");
    const [deprovisioned, ended] = (
      json as { items: { detailType: string; envelope: { time: string; detail: object } }[] }
    ).items;
    expect(deprovisioned?.detailType).toBe("License Deprovisioned - Manufacturer");
    expect(ended).toMatchObject({
      detailType: "Purchase Agreement Ended - Proposer",
      envelope: {
        time: expect.stringContaining("2028-01-15T12:3"),
        detail: { agreement: { id: bought.agreementId, status: "EXPIRED" } },
      },
    });
  });
});

/** fetch sets Host by itself; this asks under any name. */
function statusForHost(port: number, path: string, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    request({ port, host: "127.0.0.1", path, headers: { host } }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    })
      .on("error", reject)
      .end();
  });
}
