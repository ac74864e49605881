// npm run bench -- history [--large | --full]: what counting usage and claiming a call cost on a long history, beside the same
// on a short one. Two databases take turns.
import { randomUUID } from "node:crypto";
import { ratePerSecond, takeTurns } from "./portal/figures.ts";
import { fillMarket } from "./portal/market.ts";
import { growOld } from "./portal/old-rows.ts";
import { fillQueue, REGION } from "./portal/queue.ts";
import { noon, openStage, type Stage } from "./portal/stage.ts";

/** Old events and old records: a long history, and a short one. */
const LONG = longHistory();
const SHORT = { events: 1e5, records: 1e5 };
const REQUESTS = 40;
const A_REQUEST = 1_000;
const CLAIMS = 100;

const { stampDatabase } = await import("#lib/database/stamp.ts");
const { disconnect } = await import("#lib/database/client.ts");
const { businessNow } = await import("#lib/database/clock.ts");
const { ingestUsage } = await import("#lib/metering/ingest/ingest-usage.ts");
const { claimBatches } = await import("#lib/metering/submission/claim-store.ts");

const [long, short] = [await openStage(), await openStage()];
try {
  const markets = new Map([
    [long, await settle(long, LONG)],
    [short, await settle(short, SHORT)],
  ]);
  await takeTurns(
    { name: `history-ingest-${LONG.events}`, limit: 0.8, unit: "eventsPerS" },
    () => ingest(long, markets.get(long) ?? []),
    () => ingest(short, markets.get(short) ?? []),
  );
  await takeTurns(
    { name: `history-claim-${LONG.records}`, limit: 0.8, unit: "claimsPerS" },
    () => claim(long),
    () => claim(short),
  );
} finally {
  await disconnect();
  await long.close();
  await short.close();
}

function longHistory(): { events: number; records: number } {
  if (process.argv.includes("--full")) return { events: 1e8, records: 1e7 };
  return process.argv.includes("--large") ? { events: 1e7, records: 1e6 } : { events: 1e6, records: 3e5 };
}

/** From now on this process is a portal on that stage's database. */
async function moveTo(stage: Stage): Promise<void> {
  await disconnect();
  Object.assign(process.env, stage.env);
  Reflect.deleteProperty(globalThis, "portalEnv");
  await stampDatabase({ mode: "sandbox", region: REGION }, async () => "");
}

/** A thousand series with their history. Answers the ARNs of their licenses. */
async function settle(stage: Stage, history: { events: number; records: number }): Promise<string[]> {
  await moveTo(stage);
  const { licenseArns } = await fillMarket(stage, { licenses: 40, dimensions: 25 });
  await stage.query(
    "INSERT INTO series (license_id, product_code, dimension) SELECT l.id, product_code, key FROM license l JOIN product_dimension USING (product_code)",
  );
  await disconnect();
  await growOld(stage, history);
  await fillQueue(stage, 20);
  await stage.query("UPDATE portal_state SET clock_offset_ms = $1", [noon().getTime() - Date.now()]);
  await stage.query("VACUUM ANALYZE");
  return licenseArns;
}

async function ingest(stage: Stage, licenseArns: string[]): Promise<number> {
  await moveTo(stage);
  await sendAll(4, licenseArns);
  const rate = await ratePerSecond(REQUESTS * A_REQUEST, () => sendAll(REQUESTS, licenseArns));
  return rate;
}

/** Requests of usage of the running hour, four at a time. */
async function sendAll(requests: number, licenseArns: string[]): Promise<void> {
  let left = requests;
  const sender = async () => {
    while (left-- > 0) {
      const { accepted } = await ingestUsage({ events: eventsOf(licenseArns), now: await businessNow() });
      if (accepted !== A_REQUEST) throw new Error(`${accepted} of ${A_REQUEST} events were accepted`);
    }
  };
  await Promise.all(Array.from({ length: 4 }, sender));
}

function eventsOf(licenseArns: string[]): object[] {
  const hour = noon().setUTCMinutes(0);
  return Array.from({ length: A_REQUEST }, (_, n) => ({
    id: randomUUID(),
    licenseArn: licenseArns[Math.floor(Math.random() * licenseArns.length)],
    dimension: `dimension_${1 + (n % 25)}`,
    quantity: "1.5",
    occurredAt: new Date(hour + Math.floor(Math.random() * 1_800_000)).toISOString(),
  }));
}

/** Claims the next calls, and gives their records back. */
async function claim(stage: Stage): Promise<number> {
  await moveTo(stage);
  const now = new Date();
  const claimOne = async () => {
    const claimed = await claimBatches(REGION, now, 1);
    if (claimed === "another_database" || claimed[0]?.records.length !== 25)
      throw new Error("a full call was to be claimed");
  };
  for (let n = 0; n < 10; n++) await claimOne();
  const rate = await ratePerSecond(CLAIMS, async () => {
    for (let n = 0; n < CLAIMS; n++) await claimOne();
  });
  await stage.query(
    `UPDATE queued_record SET state = 'sealed', lease_id = NULL, lease_until = NULL, next_attempt_at = $1, attempts = 0
     WHERE state = 'submitting'`,
    [now],
  );
  await stage.query("VACUUM queued_record");
  return rate;
}
