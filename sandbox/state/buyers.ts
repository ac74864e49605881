import { randomInt } from "node:crypto";
import type { Database } from "./database.ts";

export type Buyer = { accountId: string; name: string };

const IDENTIFIER_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789";

const MADE_UP_NAMES = [
  "Quanta Foods",
  "Tessel Maps",
  "Corvida Logistics",
  "Amberline Health",
  "Brindle Books",
  "Solstice Energy",
  "Marlow Insurance",
  "Pinecrest Labs",
  "Nocturne Audio",
  "Halcyon Travel",
  "Umbra Security",
  "Wexford Steel",
];

/** The three companies first, then the newest made-up ones. */
export function listBuyers(db: Database, madeUp: number): Buyer[] {
  return [
    ...db.all<Buyer>("SELECT account_id AS accountId, name FROM buyers WHERE made_at IS NULL ORDER BY rowid"),
    ...db.all<Buyer>(
      "SELECT account_id AS accountId, name FROM buyers WHERE made_at IS NOT NULL ORDER BY made_at DESC, rowid DESC LIMIT ?",
      madeUp,
    ),
  ];
}

/** The name of the company behind an account; the account id when nobody knows it. */
export function buyerName(db: Database, accountId: string): string {
  return (
    db.get<Buyer>("SELECT account_id AS accountId, name FROM buyers WHERE account_id = ?", accountId)?.name ??
    accountId
  );
}

/** Finds the buyer with this account id, or makes one up. Without an id the account is new. */
export function buyerFor(db: Database, accountId: string | undefined, now: number): Buyer {
  const id = accountId ?? unusedAccountId(db);
  const known = db.get<Buyer>("SELECT account_id AS accountId, name FROM buyers WHERE account_id = ?", id);
  if (known) return known;
  const made =
    db.get<{ count: number }>("SELECT count(*) AS count FROM buyers WHERE made_at IS NOT NULL")?.count ?? 0;
  const round = Math.floor(made / MADE_UP_NAMES.length);
  const name = `${MADE_UP_NAMES[made % MADE_UP_NAMES.length]}${round === 0 ? "" : ` ${round + 1}`}`;
  db.run("INSERT INTO buyers (account_id, name, made_at) VALUES (?, ?, ?)", id, name, now);
  return { accountId: id, name };
}

/** AWS's older name for this buyer (`CustomerIdentifier`), made when it is first needed. */
export function customerIdentifierOf(db: Database, accountId: string): string {
  const known = db.get<{ identifier: string | null }>(
    "SELECT customer_identifier AS identifier FROM buyers WHERE account_id = ?",
    accountId,
  )?.identifier;
  if (known) return known;
  const letter = () => IDENTIFIER_LETTERS[randomInt(IDENTIFIER_LETTERS.length)];
  const identifier = Array.from({ length: 11 }, letter).join("");
  db.run("UPDATE buyers SET customer_identifier = ? WHERE account_id = ?", identifier, accountId);
  return identifier;
}

/** The account behind a CustomerIdentifier; undefined when it was never issued. */
export function accountOfIdentifier(db: Database, identifier: string): string | undefined {
  return db.get<{ accountId: string }>(
    "SELECT account_id AS accountId FROM buyers WHERE customer_identifier = ?",
    identifier,
  )?.accountId;
}

function unusedAccountId(db: Database): string {
  for (;;) {
    const id = String(randomInt(100_000_000_000, 281_474_976_710_655)).slice(0, 12);
    if (!db.get("SELECT 1 FROM buyers WHERE account_id = ?", id)) return id;
  }
}
