// npm run bench -- ingest: usage events through the real route of the production server, every commit on disk, beside what
// the database can take at all, and beside what the server can answer at all.
import { readFileSync, rmSync } from "node:fs";
import path from "node:path";
import { uuidv7 } from "#lib/database/uuid.ts";
import { buildWithBareRoute } from "./portal/build.ts";
import { CopyIn } from "./portal/copy-in.ts";
import { ratePerSecond, report, takeTurns } from "./portal/figures.ts";
import { requestOf, send } from "./portal/load.ts";
import { fillMarket } from "./portal/market.ts";
import { noon, openStage, type Stage, startServer } from "./portal/stage.ts";

const EVENTS = 60_000;
const A_REQUEST = 1_000;
const SMALL_CALLS = 5_000;
const USAGE = "/api/v1/usage";

type Market = Awaited<ReturnType<typeof fillMarket>>;

const stage = await openStage();
try {
  const folder = await buildWithBareRoute();
  await benchLarge(folder, { name: "ingest", licenses: 20, dimensions: 3, limit: 0.6 });
  await benchLarge(folder, { name: "ingest-15000-series", licenses: 5_000, dimensions: 3, limit: 0.5 });
  await benchSmall(folder);
} finally {
  await stage.close();
}

/** 1 000 events a request over 4 connections, against one COPY of the very same rows into a table with the same indexes. */
async function benchLarge(
  folder: string,
  of: { name: string; licenses: number; dimensions: number; limit: number },
): Promise<void> {
  await emptyUsage();
  const market = await fillMarket(stage, of);
  const server = await startServer(stage, folder);
  let since = new Date();
  await takeTurns(
    { name: of.name, limit: of.limit, unit: "eventsPerS" },
    async () => {
      since = await businessTime();
      const requests = Array.from({ length: EVENTS / A_REQUEST }, () =>
        requestOf(USAGE, bodyOf(market, A_REQUEST)),
      );
      let accepted = 0;
      const rate = await ratePerSecond(EVENTS, () =>
        send(
          server.port,
          4,
          () => requests.pop() ?? null,
          (answer) => {
            accepted += Number(/"accepted":(\d+)/.exec(answer)?.[1]);
          },
        ),
      );
      if (accepted !== EVENTS) throw new Error(`${accepted} of ${EVENTS} events were accepted`);
      return rate;
    },
    () => copyAgain(stage, since),
  );
  report(`${of.name}-memory`, { peakMb: server.peakMb(), atMost: 512 }, server.peakMb() < 512);
  await server.stop();
}

/** One event a request over 32 connections, against a route of the same server that only parses and answers. */
async function benchSmall(folder: string): Promise<void> {
  await emptyUsage();
  const market = await fillMarket(stage, { licenses: 20, dimensions: 3 });
  const server = await startServer(stage, folder);
  const calls = (route: string) => async () => {
    const requests = Array.from({ length: SMALL_CALLS }, () => requestOf(route, bodyOf(market, 1)));
    return ratePerSecond(SMALL_CALLS, () => send(server.port, 32, () => requests.pop() ?? null));
  };
  await takeTurns({ name: "ingest-small", limit: 0.5, unit: "callsPerS" }, calls(USAGE), calls("/api/bare"));
  await server.stop();
}

async function businessTime(): Promise<Date> {
  const rows = await stage.query<{ now: Date }>(
    "SELECT clock_timestamp() + clock_offset_ms * interval '1 millisecond' AS now FROM portal_state",
  );
  return rows[0]?.now ?? new Date();
}

/** Usage of this hour, half of it with tags. */
function bodyOf(market: Market, events: number): string {
  const pick = (from: string[]) => from[Math.floor(Math.random() * from.length)];
  const hour = noon().setUTCMinutes(0);
  const made = Array.from({ length: events }, (_, n) => ({
    id: uuidv7(),
    licenseArn: pick(market.licenseArns),
    dimension: pick(market.dimensions),
    quantity: `${1 + (n % 90)}.${1 + (n % 9)}`,
    occurredAt: new Date(hour + Math.floor(Math.random() * 1_800_000)).toISOString(),
    ...(n % 2 === 0 ? { tags: { team: pick(["blue", "green", "red", "violet"]) } } : {}),
  }));
  return JSON.stringify({ events: made });
}

async function emptyUsage(): Promise<void> {
  await stage.query("TRUNCATE usage_event, movement RESTART IDENTITY");
  await stage.query("DROP TABLE IF EXISTS copied");
}

/** The rows that came in since then, once more: one COPY, one connection, one commit. */
async function copyAgain(of: Stage, since: Date): Promise<number> {
  const file = path.join(of.folder, "rows");
  await of.query("CREATE TABLE IF NOT EXISTS copied (LIKE usage_event INCLUDING ALL)");
  await of.query(
    `COPY (SELECT * FROM usage_event WHERE received_at >= '${since.toISOString()}') TO '${file}'`,
  );
  const rows = readFileSync(file);
  rmSync(file);
  return ratePerSecond(
    EVENTS,
    () =>
      new Promise((resolve, reject) => {
        of.client.query(
          new CopyIn("COPY copied FROM STDIN", rows, (error) => (error ? reject(error) : resolve())),
        );
      }),
  );
}
