import { db } from "../../database/client.ts";
import type { Alarm } from "../../outbox/shapes.ts";
import { addHours } from "../hours.ts";

/** At these shares of a record's window somebody hears of it (M5). */
const SHARES = [
  { share: 0.95, severity: "failed" as const },
  { share: 0.8, severity: "danger" as const },
  { share: 0.5, severity: "soon" as const },
];

/** How long people hear of units that AWS holds twice: a billing month. */
const BILLED_TWICE_DAYS = 31;

/** Everything about metering that people must hear of now, from the ledger alone. */
export async function readMeteringAlarms(now: Date): Promise<Alarm[]> {
  const found = await Promise.all([
    windows(now),
    unconfirmed(),
    held(),
    foreignMeters(),
    circuits(),
    cohorts(),
    pauses(),
    billedTwice(now),
  ]);
  return found.flat();
}

/** Records whose window runs out (held past their last call they wait for a person, which has its own alarm): the worst share, how many, and when the first is lost. */
async function windows(now: Date): Promise<Alarm[]> {
  const [row] = await db().$queryRaw<{ worst: number | null; records: number; first: Date | null }[]>`
    SELECT max(share)::float8 AS worst, count(*)::int AS records, min(aim) AS first FROM (
      SELECT q.aim, extract(epoch FROM ${now}::timestamptz - r.hour) / nullif(extract(epoch FROM q.aim - r.hour), 0) AS share
      FROM queued_record q JOIN usage_record r ON r.id = q.record_id
      WHERE q.state <> 'unconfirmed' AND NOT (q.state = 'held' AND q.last_call < ${now}::timestamptz) AND r.quantity > 0 AND q.reason_code IS DISTINCT FROM 'Shadow' AND q.aim < ${now}::timestamptz + interval '24 hours') AS waiting
    WHERE share >= 0.5`;
  const level = SHARES.find(({ share }) => (row?.worst ?? 0) >= share);
  if (!row?.first || !level) return [];
  const due =
    row.first <= now
      ? "The first is past its safe time and is tried until its last call."
      : `The first must reach AWS by ${row.first.toISOString().slice(0, 16).replace("T", " ")} UTC.`;
  return [
    {
      code: "metering.window",
      subject: "",
      severity: level.severity,
      message: `${count(row.records, "record has", "records have")} used more than half of AWS's window. ${due}`,
    },
  ];
}

async function unconfirmed(): Promise<Alarm[]> {
  const records = await db().queuedRecord.count({ where: { state: "unconfirmed" } });
  if (records === 0) return [];
  const message = `${count(records, "record is", "records are")} to be confirmed: AWS may have billed what it did not answer for.`;
  return [{ code: "metering.unconfirmed", subject: "", severity: "danger", message }];
}

/** AWS's receipt came after the units had gone out once more: AWS holds them twice, and only its support can mend that. */
async function billedTwice(now: Date): Promise<Alarm[]> {
  const records = await db().recordOutcome.count({
    where: { reasonCode: "BilledAfterCarry", at: { gte: addHours(now, -24 * BILLED_TWICE_DAYS) } },
  });
  if (records === 0) return [];
  const message = `AWS billed ${count(records, "record", "records")} whose units had already been sent with another hour. Ask AWS support to take one of them back.`;
  return [{ code: "metering.billed_twice", subject: "", severity: "failed", message }];
}

/** AWS refuses hours because another program's numbers stand there. */
async function foreignMeters(): Promise<Alarm[]> {
  const rows = await db().$queryRaw<{ code: string; name: string; records: number }[]>`
    SELECT p.code, coalesce(p.name, p.code) AS name, count(*)::int AS records
    FROM queued_record q JOIN product p ON p.code = q.product_code
    WHERE q.state IN ('rejected', 'submitting') AND q.reason_code = 'DuplicateRecord' GROUP BY p.code`;
  return rows.map(({ code, name, records }) => ({
    code: "metering.foreign",
    subject: code,
    severity: "failed",
    message: `Another program meters ${name}: AWS holds its numbers for ${count(records, "hour", "hours")} of ours. Import CloudTrail's file to see who, and stop it.`,
  }));
}

/** What waits for a person: held by somebody, or by a cap. */
async function held(): Promise<Alarm[]> {
  const [row] = await db().$queryRaw<{ byHand: number; byCap: number }[]>`
    SELECT count(*) FILTER (WHERE reason_code NOT IN ('OverCap', 'TooLarge', 'Shadow'))::int AS "byHand",
           count(*) FILTER (WHERE reason_code IN ('OverCap', 'TooLarge'))::int AS "byCap"
    FROM queued_record WHERE state = 'held'`;
  const { byHand, byCap } = row ?? { byHand: 0, byCap: 0 };
  const alarms: Alarm[] = [];
  if (byHand > 0) {
    const message = `${count(byHand, "record is", "records are")} on hold. Release or write off what waits for a person.`;
    alarms.push({ code: "metering.held", subject: "", severity: "soon", message });
  }
  if (byCap > 0) {
    const message = `${count(byCap, "record holds", "records hold")} more than the cap of one hour. Release what is right, write off what is not.`;
    alarms.push({ code: "metering.cap", subject: "", severity: "danger", message });
  }
  return alarms;
}

/** AWS takes nothing of an account or a product: nobody's record is blamed, one call probes. */
async function circuits(): Promise<Alarm[]> {
  type Row = { subject: string; name: string; code: string | null; message: string | null };
  const rows = await db().$queryRaw<Row[]>`
    SELECT 'region ' || region AS subject, 'our set-up in ' || region AS name, reason_code AS code,
           reason_message AS message FROM submission_pace WHERE open_since IS NOT NULL
    UNION ALL
    SELECT 'product ' || t.product_code || ' ' || t.region, coalesce(p.name, t.product_code), t.reason_code,
           t.reason_message
    FROM product_turn t JOIN product p ON p.code = t.product_code WHERE t.open_since IS NOT NULL`;
  return rows.map(({ subject, name, code, message }) => ({
    code: "metering.circuit",
    subject,
    severity: "danger",
    message: `AWS refuses ${name} (${code ?? "no code"}): ${message ?? "no words"} One call at a time tries again; sending goes on by itself.`,
  }));
}

/** Records set aside for one cause, with what to mend. */
async function cohorts(): Promise<Alarm[]> {
  type Row = { id: string; kind: string; cause: string; code: string; records: number };
  const rows = await db().$queryRaw<Row[]>`
    SELECT c.id, c.kind, c.cause, c.reason_code AS code, count(q.record_id)::int AS records
    FROM cohort c JOIN queued_record q ON q.cohort_id = c.id GROUP BY c.id LIMIT 50`;
  return rows.map(({ id, kind, cause, code, records }) => ({
    code: "metering.set_aside",
    subject: id,
    severity: "danger",
    message: `AWS refuses the ${kind} ${cause} (${code}): ${count(records, "record waits", "records wait")} until it is mended.`,
  }));
}

async function pauses(): Promise<Alarm[]> {
  const state = await db().portalState.findUnique({ where: { id: 1 } });
  const products = await db().product.findMany({ where: { mode: "paused" } });
  const alarms: Alarm[] = products.map((product) => ({
    code: "metering.paused",
    subject: product.code,
    severity: "danger",
    message:
      `Nothing of ${product.name ?? product.code} is sent to AWS until somebody resumes it. ${product.pausedReason ?? ""}`.trim(),
  }));
  if (!state?.pausedAt) return alarms;
  const message = `Nothing is sent to AWS until somebody resumes it. ${state.pausedReason ?? ""}`.trim();
  return [{ code: "metering.paused", subject: "", severity: "danger", message }, ...alarms];
}

function count(records: number, one: string, many: string): string {
  return records === 1 ? `1 ${one}` : `${records} ${many}`;
}
