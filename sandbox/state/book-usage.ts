import { randomUUID } from "node:crypto";
import type { Database } from "./database.ts";
import type { LedgerEntry, LedgerKey } from "./ledger.ts";
import { readSetting, writeSetting } from "./settings.ts";

export type NewUsage = Omit<LedgerEntry, "meteringRecordId" | "sends" | "isDouble">;
/** What stands in the ledger now, and whether this very usage put it there or came before with the same content. */
export type Booked = { meteringRecordId: string; outcome: "booked" | "same" | "other" };

type Content = Pick<NewUsage, "quantity" | "allocations">;
type Standing = LedgerKey & Content & { meteringRecordId: string };
/** Usage that a call tells, once or several times over, and the receipt it gets when it is the first of its hour. */
type Told = { usage: NewUsage; id: string; sends: number };

/**
 * Books what one call tells, in its order, unless an hour is booked already: then the first one stands. The same content
 * again is counted as one more send. Usage that stands there under another name too is marked.
 * One statement for all of it: booked one by one, the records were most of what a call costs.
 * @returns what became of each, in the same order
 */
export function bookAll(db: Database, usages: readonly NewUsage[]): Booked[] {
  if (usages.length === 0) return [];
  const hours = new Map<string, Told[]>();
  const lines = usages.map((usage) => {
    const name = nameOf(usage);
    const hour = hours.get(name) ?? [];
    if (hour.length === 0) hours.set(name, hour);
    const known = hour.find((told) => isSame(told.usage, usage));
    if (known) {
      known.sends += 1;
      return { usage, hour, id: undefined };
    }
    const id = randomUUID();
    hour.push({ usage, id, sends: 1 });
    return { usage, hour, id };
  });
  const standing = write(db, hours);

  return lines.map(({ usage, hour, id }) => {
    const stands = standing.get(hour);
    if (!stands) throw new Error("the ledger did not say what stands");
    const { meteringRecordId } = stands;
    if (id !== meteringRecordId)
      return { meteringRecordId, outcome: isSame(stands, usage) ? "same" : "other" };
    if (usage.identity !== "instance" && hasSeveralKinds(db, usage)) markDoubles(db, usage);
    return { meteringRecordId, outcome: "booked" };
  });
}

function isSame(one: Content, other: Content): boolean {
  return one.quantity === other.quantity && one.allocations === other.allocations;
}

/** What stands afterwards in each of these hours. Rows come back in no agreed order, so each says what it is for. */
function write(db: Database, hours: ReadonlyMap<string, Told[]>): Map<Told[] | undefined, Standing> {
  const told = [...hours.values()].flat();
  const values = told.flatMap(({ usage, id, sends }) => [
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
    sends,
    usage.recordedAt,
  ]);
  const rows = db.all<Standing>(statementFor(told.length), ...values);
  return new Map(rows.map((row) => [hours.get(nameOf(row)), row]));
}

/** One text for each number of rows, as long as the process lives: the database prepares each text once. */
const statements = new Map<number, string>();

function statementFor(rows: number): string {
  const known = statements.get(rows);
  if (known) return known;
  const statement = `INSERT INTO ledger (metering_record_id, identity, region, product_code, license_arn, account_id,
      dimension, hour, quantity, allocations, sends, recorded_at)
    VALUES ${Array.from({ length: rows }, () => "(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)").join(", ")}
    ON CONFLICT (hour, account_id, product_code, dimension, identity, license_arn, region) DO UPDATE SET
      sends = sends + excluded.sends * (quantity = excluded.quantity AND allocations = excluded.allocations)
    RETURNING metering_record_id AS meteringRecordId, identity, region, product_code AS productCode,
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
