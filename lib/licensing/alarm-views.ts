import { db } from "../database/client.ts";
import { env } from "../env.ts";
import type { Alarm } from "../outbox/shapes.ts";
import { meaningOf } from "./events.ts";
import { isOfAccount } from "./inbox-store.ts";
import { UNREADABLE } from "./notices.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** A worker applies an event within seconds. */
const APPLIED_WITHIN_MS = 2 * MINUTE_MS;
/** How many a message names. */
const MOST_NAMED = 3;
const BY_HAND = "Say what did not come with npm run portal -- license granted or license ended.";

/** Everything about licenses that people must hear of now. */
export async function readLicensingAlarms(now: Date): Promise<Alarm[]> {
  const found = await Promise.all([
    notApplied(now),
    failed(),
    otherAccount(now),
    nobodyRegistered(now),
    unread(now),
    neverGranted(now),
  ]);
  return found.flat();
}

/** Nothing applies events, or something keeps them from it. */
async function notApplied(now: Date): Promise<Alarm[]> {
  const receivedAt = { lt: before(now, APPLIED_WITHIN_MS) };
  const events = await db().lifecycleEvent.count({ where: { state: "received", receivedAt } });
  if (events === 0) return [];
  const message = `${count(events, "event")} from AWS came minutes ago and changed no license yet. The worker's log says why (worker.duty_failed, licensing).`;
  return [{ code: "licensing.not_applied", subject: "", severity: "danger", message }];
}

/** Set aside: a license is not what AWS said. */
async function failed(): Promise<Alarm[]> {
  const where = { state: "failed" };
  const events = await db().lifecycleEvent.count({ where });
  if (events === 0) return [];
  const named = await db().lifecycleEvent.findMany({ where, orderBy: { id: "desc" }, take: MOST_NAMED });
  const what = named.map(({ detailType, licenseKey }) => `${detailType} of ${licenseKey}`).join(", ");
  const message = `${count(events, "event")} from AWS could not be applied (${what}): the log says why (events.not_applied). ${BY_HAND}`;
  return [{ code: "licensing.failed", subject: "", severity: "failed", message }];
}

/** Somebody sends another seller's events here, or SELLER_ACCOUNT_ID is wrong. */
async function otherAccount(now: Date): Promise<Alarm[]> {
  const { SELLER_ACCOUNT_ID: ours } = env();
  const rows = await db().$queryRaw<{ account: string; events: number }[]>`
    SELECT e.raw ->> 'account' AS account, count(*)::int AS events FROM lifecycle_event e
    WHERE e.state = 'waiting' AND e.received_at > ${before(now, 24 * HOUR_MS)}::timestamptz AND NOT ${isOfAccount(ours)}
    GROUP BY 1 ORDER BY 1`;
  if (rows.length === 0) return [];
  const events = rows.reduce((sum, row) => sum + row.events, 0);
  const message = `${count(events, "event")} of the last day came from AWS account ${some(rows.map(({ account }) => account))}, and SELLER_ACCOUNT_ID is ${ours}: they change no license. If that is wrong, correct it, and they are applied; else look who sends into your event bus.`;
  return [{ code: "licensing.other_account", subject: "", severity: "danger", message }];
}

/** AWS granted what nobody has set up here: their usage has nowhere to go. */
async function nobodyRegistered(now: Date): Promise<Alarm[]> {
  const newest = await db().$queryRaw<{ licenseKey: string; detailType: string }[]>`
    SELECT DISTINCT ON (license_key) license_key AS "licenseKey", detail_type AS "detailType" FROM lifecycle_event e
    WHERE state = 'waiting' AND license_key IS NOT NULL AND ${isOfAccount(env().SELLER_ACCOUNT_ID)} AND received_at < ${before(now, HOUR_MS)}::timestamptz AND detail_type <> 'entitlement-updated'
    ORDER BY license_key, occurred_at DESC, id DESC`;
  const keys = newest
    .filter(({ detailType }) => meaningOf(detailType) === "grants")
    .map((row) => row.licenseKey);
  if (keys.length === 0) return [];
  const message = `AWS granted ${count(keys.length, "license")} more than an hour ago that no buyer has set up here (${some(keys)}): usage of it is refused. Ask the buyer to choose Set up your account at AWS Marketplace.`;
  return [{ code: "licensing.not_registered", subject: "", severity: "soon", message }];
}

/** Notices of a topic that is not pinned, and whatever else came that nobody can read. */
async function unread(now: Date): Promise<Alarm[]> {
  const receivedAt = { gt: before(now, 24 * HOUR_MS) };
  const notices = await db().lifecycleEvent.count({ where: { detailType: UNREADABLE, receivedAt } });
  if (notices === 0) return [];
  const message = `${count(notices, "message")} of the last day from AWS could not be read, and changed no license. Look whether SELLER_SNS_TOPICS names every topic of yours; read at AWS what they said. ${BY_HAND}`;
  return [{ code: "licensing.unread", subject: "", severity: "danger", message }];
}

/** Usage waits for a grant that does not come. */
async function neverGranted(now: Date): Promise<Alarm[]> {
  const rows = await db().$queryRaw<{ name: string }[]>`
    SELECT coalesce(l.license_key, l.id::text) AS name FROM license l
    JOIN series s ON s.license_id = l.id JOIN remainder r ON r.series_id = s.id
    WHERE l.state = 'pending' AND l.created_at < ${before(now, HOUR_MS)}::timestamptz
    GROUP BY l.id HAVING sum(r.quantity) >= 1 ORDER BY l.id`;
  if (rows.length === 0) return [];
  const message = `AWS never granted ${count(rows.length, "license")} here whose usage waits to be billed (${some(rows.map(({ name }) => name))}). Look at AWS whether it is active and whether AWS's events reach this portal. ${BY_HAND}`;
  return [{ code: "licensing.never_granted", subject: "", severity: "danger", message }];
}

const before = (now: Date, ms: number) => new Date(now.getTime() - ms);

function count(things: number, one: string): string {
  return things === 1 ? `1 ${one}` : `${things} ${one}s`;
}

function some(names: string[]): string {
  const more = names.length > MOST_NAMED ? ", …" : "";
  return names.slice(0, MOST_NAMED).join(", ") + more;
}
