import { randomUUID } from "node:crypto";
import type { Database } from "./database.ts";
import type { LedgerEntry, LedgerKey } from "./ledger.ts";
import { readSetting, writeSetting } from "./settings.ts";

export type NewUsage = Omit<LedgerEntry, "meteringRecordId" | "sends" | "isDouble">;
/** What stands in the ledger now, and whether this very usage put it there or came before with the same content. */
export type Booked = { meteringRecordId: string; outcome: "booked" | "same" | "other" };

type Content = Pick<NewUsage, "quantity" | "allocations">;
type Standing = LedgerKey & Content & { row: number; meteringRecordId: string };
/** Usage and the receipt it gets when it is the first of its hour. */
type Told = { usage: NewUsage; id: string };

/**
 * Books what one call tells, in its order, unless an hour is booked already: then the first one stands. The same content
 * again is counted as one more send. Usage that stands there under another name too is marked.
 * Hours that were looked at lately are known without asking; the others are booked by one statement.
 * @returns what became of each, in the same order
 */
export function bookAll(db: Database, usages: readonly NewUsage[]): Booked[] {
  if (usages.length === 0) return [];
  const names = usages.map(nameOf);
  const lately = knownHours(db);
  const told = newHours(usages, names, lately);
  const firsts = new Set<string>();
  for (const stands of write(db, told)) {
    lately.set(nameOf(stands), stands);
    firsts.add(stands.meteringRecordId);
  }
  const sent = new Set(told.map(({ id }) => id).filter((id) => firsts.has(id)));

  return usages.map((usage, index) => {
    const name = names[index] ?? "";
    const stands = lately.get(name);
    if (!stands) throw new Error("the ledger did not say what stands");
    const { meteringRecordId } = stands;
    if (sent.delete(meteringRecordId)) {
      if (usage.identity !== "instance" && hasSeveralKinds(db, usage)) markDoubles(db, usage);
      return { meteringRecordId, outcome: "booked" };
    }
    if (!isSame(stands, usage)) return { meteringRecordId, outcome: "other" };
    db.putOff(countSends, stands.row);
    return { meteringRecordId, outcome: "same" };
  });
}

/** The first record of each hour that is not known yet. */
function newHours(
  usages: readonly NewUsage[],
  names: readonly string[],
  lately: ReadonlyMap<string, Standing>,
): Told[] {
  const told = new Map<string, NewUsage>();
  for (const [index, usage] of usages.entries()) {
    const name = names[index] ?? "";
    if (!lately.has(name) && !told.has(name)) told.set(name, usage);
  }
  return [...told.values()].map((usage) => ({ usage, id: randomUUID() }));
}

/** How many hours are remembered at most; then all are forgotten and learnt again. */
const MOST_KNOWN = 20_000;
const known = new WeakMap<Database, { version: number; hours: Map<string, Standing> }>();

/** Hours that were booked or told again lately, as they stand. Whatever else writes the ledger makes it forget them. */
function knownHours(db: Database): Map<string, Standing> {
  const version = db.version("ledger");
  const lately = known.get(db);
  if (lately?.version === version && lately.hours.size < MOST_KNOWN) return lately.hours;
  const hours = new Map<string, Standing>();
  known.set(db, { version, hours });
  return hours;
}

/** Each time a record was told again counts; a transaction writes the sum. */
function countSends(db: Database, rows: readonly number[]): void {
  const sends = new Map<number, number>();
  for (const row of rows) sends.set(row, (sends.get(row) ?? 0) + 1);
  // Not as a change of the ledger that others have to hear of: nobody remembers how often something was sent.
  for (const [row, more] of sends)
    db.get("UPDATE ledger SET sends = sends + ? WHERE rowid = ? RETURNING 1", more, row);
}

function isSame(one: Content, other: Content): boolean {
  return one.quantity === other.quantity && one.allocations === other.allocations;
}

/** What stands afterwards in each of these hours: what is told now, or what stood there. In no agreed order. */
function write(db: Database, told: readonly Told[]): Standing[] {
  if (told.length === 0) return [];
  const values = told.flatMap(({ usage, id }) => [
    id,
    usage.identity,
    usage.region,
    usage.productCode,
    usage.licenseArn,
    usage.accountId,
    usage.dimension,
    usage.hour,
    usage.quantity,
    usage.allocations,
    usage.recordedAt,
  ]);
  return db.all<Standing>(statementFor(told.length), ...values);
}

/** One text for each number of rows, as long as the process lives: the database prepares each text once. */
const statements = new Map<number, string>();

function statementFor(rows: number): string {
  const known = statements.get(rows);
  if (known) return known;
  const statement = `INSERT INTO ledger (metering_record_id, identity, region, product_code, license_arn, account_id,
      dimension, hour, quantity, allocations, sends, recorded_at)
    VALUES ${Array.from({ length: rows }, () => "(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1, ?)").join(", ")}
    ON CONFLICT (hour, account_id, product_code, dimension, identity, license_arn, region) DO UPDATE SET sends = sends
    RETURNING rowid AS row, metering_record_id AS meteringRecordId, identity, region, product_code AS productCode,
      license_arn AS licenseArn, account_id AS accountId, dimension, hour, quantity, allocations`;
  statements.set(rows, statement);
  return statement;
}

/** The hour of usage a record is about, in one text. Dimensions are the product's own: one line each. */
function nameOf({
  hour,
  accountId,
  productCode,
  identity,
  licenseArn,
  region,
  dimension,
}: LedgerKey): string {
  return `${hour} ${accountId} ${productCode} ${identity} ${licenseArn} ${region} ${dimension}`;
}

const KINDS = "ledger_kinds";

/** Whether usage was ever told in more than one region or way: until then nothing can be billed twice. */
function hasSeveralKinds(db: Database, { region, identity }: LedgerKey): boolean {
  const kind = `${region} ${identity}`;
  const known = readSetting(db, KINDS)?.split(",") ?? [];
  if (known.includes(kind)) return known.length > 1;
  writeSetting(db, KINDS, [...known, kind].join(","));
  return known.length > 0;
}

/**
 * The same hour of the same buyer and dimension is billed once more when it is told in another region, or once by
 * license and once by product code. Two licenses are two purchases, and right.
 */
function markDoubles(db: Database, key: LedgerKey): void {
  const { hour, accountId, productCode, dimension, identity, licenseArn, region } = key;
  const same = "hour = ?1 AND account_id = ?2 AND product_code = ?3 AND dimension = ?4";
  const others = db.run(
    `UPDATE ledger SET is_double = 1 WHERE ${same}
       AND ((identity = ?5 AND license_arn = ?6 AND region <> ?7) OR (identity <> ?5 AND identity <> 'instance'))`,
    hour,
    accountId,
    productCode,
    dimension,
    identity,
    licenseArn,
    region,
  );
  if (others === 0) return;
  db.run(
    `UPDATE ledger SET is_double = 1 WHERE ${same} AND identity = ?5 AND license_arn = ?6 AND region = ?7`,
    hour,
    accountId,
    productCode,
    dimension,
    identity,
    licenseArn,
    region,
  );
}
