import { createHash, randomBytes } from "node:crypto";
import { HOUR_MS } from "./clock.ts";
import type { Database } from "./database.ts";

/** How long a token of the browser works by the sandbox's clock (AWS guide, customer set-up: four hours). */
export const TOKEN_LIVES = { "4h": 4 * HOUR_MS, "1h": HOUR_MS, "30m": HOUR_MS / 2 } as const;

/** Every view of a bought page issues one; older ones beyond this are forgotten and answer "invalid". */
const KEPT_PER_AGREEMENT = 100;

/**
 * Issues a token for the agreement and returns it; only its hash is kept.
 * `lifeMs` is its own life (the buyer's API gives 30 minutes); without one the switch `tokenLife` counts.
 * It always holds `+`, `/` and `=`, so that a portal that decodes the form wrongly notices here.
 */
export function issueToken(
  db: Database,
  agreementId: string,
  now: number,
  lifeMs: number | null = null,
): string {
  const token = makeToken();
  db.run(
    "INSERT INTO registration_tokens (hash, agreement_id, issued_at, life_ms) VALUES (?, ?, ?, ?)",
    hashOf(token),
    agreementId,
    now,
    lifeMs,
  );
  db.run(
    `DELETE FROM registration_tokens WHERE agreement_id = ? AND rowid NOT IN
       (SELECT rowid FROM registration_tokens WHERE agreement_id = ? ORDER BY rowid DESC LIMIT ?)`,
    agreementId,
    agreementId,
    KEPT_PER_AGREEMENT,
  );
  return token;
}

export type KnownToken = {
  agreementId: string;
  issuedAt: number;
  lifeMs: number | null;
  usedAt: number | null;
};

/** What is known of a token: whose agreement it belongs to and when it was issued. */
export function findToken(db: Database, token: string): KnownToken | undefined {
  return db.get<KnownToken>(
    "SELECT agreement_id AS agreementId, issued_at AS issuedAt, life_ms AS lifeMs, used_at AS usedAt FROM registration_tokens WHERE hash = ?",
    hashOf(token),
  );
}

/** When the next token that still works stops working; undefined when none does. */
export function nextTokenExpiry(db: Database, now: number, lifeMs: number): number | undefined {
  return (
    db.get<{ at: number | null }>(
      "SELECT min(issued_at + coalesce(life_ms, ?1)) AS at FROM registration_tokens WHERE issued_at + coalesce(life_ms, ?1) > ?2",
      lifeMs,
      now,
    )?.at ?? undefined
  );
}

/** The token was resolved at this moment, for the first time. */
export function markTokenUsed(db: Database, token: string, now: number): void {
  db.run("UPDATE registration_tokens SET used_at = ? WHERE hash = ? AND used_at IS NULL", now, hashOf(token));
}

function makeToken(): string {
  for (;;) {
    const token = randomBytes(85).toString("base64");
    if (token.includes("+") && token.includes("/")) return token;
  }
}

function hashOf(token: string): string {
  return createHash("sha256").update(token).digest("hex");
}
