import { createHash, randomBytes } from "node:crypto";
import { HOUR_MS } from "./clock.ts";
import type { Database } from "./database.ts";

/** A registration token works for four hours by the sandbox's clock (AWS guide, customer set-up). */
export const TOKEN_LIFE_MS = 4 * HOUR_MS;

/** Every view of a bought page issues one; older ones beyond this are forgotten and answer "invalid". */
const KEPT_PER_AGREEMENT = 100;

/**
 * Issues a token for the agreement and returns it; only its hash is kept.
 * It always holds `+`, `/` and `=`, so that a portal that decodes the form wrongly notices here.
 */
export function issueToken(db: Database, agreementId: string, now: number): string {
  const token = makeToken();
  db.run(
    "INSERT INTO registration_tokens (hash, agreement_id, issued_at) VALUES (?, ?, ?)",
    hashOf(token),
    agreementId,
    now,
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

export type KnownToken = { agreementId: string; issuedAt: number };

/** What is known of a token: whose agreement it belongs to and when it was issued. */
export function findToken(db: Database, token: string): KnownToken | undefined {
  return db.get<KnownToken>(
    "SELECT agreement_id AS agreementId, issued_at AS issuedAt FROM registration_tokens WHERE hash = ?",
    hashOf(token),
  );
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
