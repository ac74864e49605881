import { randomInt } from "node:crypto";
import type { Database } from "./database.ts";

export type Buyer = { accountId: string; name: string };

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

function unusedAccountId(db: Database): string {
  for (;;) {
    const id = String(randomInt(100_000_000_000, 281_474_976_710_655)).slice(0, 12);
    if (!db.get("SELECT 1 FROM buyers WHERE account_id = ?", id)) return id;
  }
}
