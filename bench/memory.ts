// npm run bench -- memory: 32 bodies of the largest size at once. Each is taken whole or told to come again; whoever comes
// again is taken in the end, nothing is lost, and the portal stays small.
import { request as ask } from "node:http";
import { setTimeout as pause } from "node:timers/promises";
import { uuidv7 } from "#lib/database/uuid.ts";
import { buildWithBareRoute } from "./portal/build.ts";
import { report } from "./portal/figures.ts";
import { fillMarket } from "./portal/market.ts";
import { API_KEY, noon, openStage, startServer } from "./portal/stage.ts";

const BODIES = 32;
const EVENTS = 10_000;
const BYTES = 8 * 1024 * 1024;

const stage = await openStage();
try {
  const folder = await buildWithBareRoute();
  const market = await fillMarket(stage, { licenses: 20, dimensions: 3 });
  const server = await startServer(stage, folder);
  const bodies = Array.from({ length: BODIES }, () => largeBody(market));
  const answers = await Promise.all(bodies.map((body) => sendUntilTaken(server.port, body)));
  const [row] = await stage.query<{ events: number }>("SELECT count(*)::int AS events FROM usage_event");
  const refused = answers.reduce((sum, { busy }) => sum + busy, 0);
  const strange = answers.reduce((sum, { other }) => sum + other, 0);
  const lost = BODIES * EVENTS - (row?.events ?? 0);
  report(
    "memory",
    {
      bodies: BODIES,
      answered503: refused,
      otherAnswers: strange,
      lost,
      peakMb: server.peakMb(),
      atMost: 512,
    },
    lost === 0 && strange === 0 && refused > 0 && server.peakMb() < 512,
  );
  await server.stop();
} finally {
  await stage.close();
}

/** As many events as a request may carry, padded with what the portal does not know until it is as large as it may be. */
function largeBody({ licenseArns, dimensions }: Awaited<ReturnType<typeof fillMarket>>): Buffer {
  const events = Array.from({ length: EVENTS }, (_, n) => ({
    id: uuidv7(),
    licenseArn: licenseArns[n % licenseArns.length],
    dimension: dimensions[n % dimensions.length],
    quantity: "1.5",
    occurredAt: new Date(noon().setUTCMinutes(0)).toISOString(),
    tags: { team: "blue" },
    note: "",
  }));
  const room = BYTES - Buffer.byteLength(JSON.stringify({ events }));
  const note = "x".repeat(Math.floor(room / EVENTS));
  return Buffer.from(JSON.stringify({ events: events.map((event) => ({ ...event, note })) }));
}

async function sendUntilTaken(port: number, body: Buffer): Promise<{ busy: number; other: number }> {
  for (let busy = 0, other = 0; ; ) {
    const { status, retryAfter } = await post(port, body);
    if (status === 200) return { busy, other };
    if (status === 503 && retryAfter > 0) busy++;
    else if (++other === 5) throw new Error(`the portal answered ${status}`);
    await pause(retryAfter * 1_000 * (0.5 + Math.random()));
  }
}

/** A connection that breaks while its body is on the way answers 0: the bytes were not taken. */
function post(port: number, body: Buffer): Promise<{ status: number; retryAfter: number }> {
  return new Promise((resolve) => {
    const call = ask(
      {
        ...{ host: "127.0.0.1", port, path: "/api/v1/usage", method: "POST" },
        headers: {
          authorization: `Bearer ${API_KEY}`,
          "content-type": "application/json",
          "content-length": body.length,
        },
      },
      (answer) => {
        const { statusCode: status = 0, headers } = answer;
        answer.resume().on("end", () => resolve({ status, retryAfter: Number(headers["retry-after"] ?? 0) }));
      },
    );
    call.on("error", () => resolve({ status: 0, retryAfter: 1 }));
    call.end(body);
  });
}
