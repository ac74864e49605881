import { credentialsAccount } from "../aws/clients.ts";
import { db } from "../database/client.ts";
import { readDurability } from "../database/durability.ts";
import { env } from "../env.ts";
import { clockAlarms } from "../metering/clock-guard.ts";
import { addHours } from "../metering/hours.ts";
import { refusedAlarms } from "../metering/ingest/refused-views.ts";
import { readMeteringAlarms } from "../metering/ledger/alarm-views.ts";
import { countForeignLines, listForeignLines, newestTrail } from "../metering/ledger/trail-views.ts";
import { isWorkerAlive } from "./views.ts";

/** One thing that was looked at. `warn`: nothing is wrong, but nobody can know yet. */
export type Finding = { check: string; verdict: "ok" | "warn" | "wrong"; says: string };

/** CloudTrail keeps ninety days of event history. */
const TRAIL_DAYS = 90;
const MOST_CLOCK_MS = 60_000;

/**
 * Looks at everything that could cost money: first whether somebody else meters our products, then the database, the
 * workers, and what people were told of. Changes nothing.
 */
export async function examinePortal(now: Date): Promise<Finding[]> {
  const groups = await Promise.all([
    otherMeters(now),
    database(),
    credentials(),
    workers(),
    alarms("AWS's clock", await clockAlarms(now)),
    alarms("metering", await readMeteringAlarms(now)),
    alarms("usage", await refusedAlarms(now)),
  ]);
  return groups.flat();
}

async function otherMeters(now: Date): Promise<Finding[]> {
  const check = "other meters";
  const since = addHours(now, -24 * TRAIL_DAYS);
  const newest = await newestTrail();
  if (newest === null) {
    const says = "unknown: no CloudTrail file was read yet. Import one: npm run portal -- cloudtrail <file>";
    return [{ check, verdict: "warn", says }];
  }
  const [records, lines] = await Promise.all([countForeignLines(since), listForeignLines(since, 5)]);
  const seen = newest.toISOString().slice(0, 16).replace("T", " ");
  if (records === 0) return [{ check, verdict: "ok", says: `none in CloudTrail up to ${seen} UTC` }];
  const says = lines.map(
    (line) =>
      `${line.caller} told AWS ${line.quantity} ${line.dimension} of ${line.productCode} for ${line.hour}`,
  );
  return [{ check, verdict: "wrong", says: `${records} records that are not ours: ${says.join("; ")}` }];
}

async function database(): Promise<Finding[]> {
  const check = "database";
  const { durable, clockStepMs } = await readDurability();
  const state = await db().portalState.findUnique({ where: { id: 1 } });
  const findings: Finding[] = [];
  const keeps = durable || state?.mode === "sandbox";
  const forgets = "may forget answered commits: turn on fsync, full_page_writes and synchronous_commit";
  findings.push({
    check,
    verdict: keeps ? "ok" : "wrong",
    says: keeps ? "answers, and keeps its word" : forgets,
  });
  if (Math.abs(clockStepMs) > MOST_CLOCK_MS) {
    const says = `its clock differs from this machine's by ${Math.round(clockStepMs / 1000)} s: set both by NTP`;
    findings.push({ check: "clock", verdict: "wrong", says });
  }
  return findings;
}

/** Somebody else's credentials would tell AWS nothing of ours, and read no entitlement. */
async function credentials(): Promise<Finding[]> {
  const check = "credentials";
  const { PORTAL_MODE, SELLER_ACCOUNT_ID: ours } = env();
  if (PORTAL_MODE === "sandbox") return [];
  try {
    const account = await credentialsAccount();
    if (account === undefined || ours === undefined) {
      const unknown = ours === undefined ? "set SELLER_ACCOUNT_ID" : "they do not say of which account";
      return [
        { check, verdict: "warn", says: `found; whether they are the seller's is unknown: ${unknown}` },
      ];
    }
    if (account === ours) return [{ check, verdict: "ok", says: `of account ${ours}` }];
    return [{ check, verdict: "wrong", says: `of account ${account}, and SELLER_ACCOUNT_ID is ${ours}` }];
  } catch {
    const says = "none found: give the process a role, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY";
    return [{ check, verdict: "wrong", says }];
  }
}

async function workers(): Promise<Finding[]> {
  const check = "worker";
  if (await isWorkerAlive()) return [{ check, verdict: "ok", says: "alive" }];
  return [{ check, verdict: "wrong", says: "none was heard of for half a minute: start npm run worker" }];
}

async function alarms(check: string, found: { severity: string; message: string }[]): Promise<Finding[]> {
  if (found.length === 0) return [{ check, verdict: "ok", says: "nothing waits for a person" }];
  return found.map(({ severity, message }) => ({
    check,
    verdict: severity === "soon" ? "warn" : "wrong",
    says: message,
  }));
}
