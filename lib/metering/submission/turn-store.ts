import type { Sql } from "../../database/sql.ts";
import { nextCircuitProbe } from "./blame.ts";
import { isOfTurn } from "./turn-key.ts";
import { firstEnd } from "./window-store.ts";

/** Whose turn it is. `culpritSince`: a call was refused then, and which of its records is the reason is not known yet. */
export type Turn = { productCode: string; isProbe: boolean; culpritSince: Date | null };

/**
 * Gives a product its turn: one with something within an hour of its aim first, else the one that waited longest. An open
 * circuit, the account's or the product's, lets a single call through when its probe is due.
 */
export async function takeTurn(sql: Sql, region: string, now: Date): Promise<Turn | null> {
  const [[open], [turn]] = await Promise.all([
    sql.rows<{ probes: number }>("open account", OPEN_ACCOUNT, [region]),
    sql.rows<Turn & { isOpen: boolean; probes: number }>("take a turn", TAKE_TURN, [region, now]),
  ]);
  if (!turn) return null;
  const { productCode, isOpen, culpritSince } = turn;
  if (isOpen) {
    const end = await firstEnd(sql, { region, productCode }, now);
    const probeAt = nextCircuitProbe(now, turn.probes + 1, end);
    await sql.rows("probe a product", PROBE_PRODUCT, [region, productCode, probeAt]);
  }
  if (open) {
    const end = await firstEnd(sql, { region, productCode: null }, now);
    const probeAt = nextCircuitProbe(now, open.probes + 1, end);
    await sql.rows("probe an account", PROBE_ACCOUNT, [region, probeAt]);
  }
  return { productCode, isProbe: isOpen || open !== undefined, culpritSince };
}

/** A row only while the circuit is open: every start of the region needs it, and must not wait for claims. */
const OPEN_ACCOUNT = `
  SELECT probes FROM submission_pace WHERE region = $1 AND open_since IS NOT NULL FOR UPDATE`;

const TAKE_TURN = `
  WITH turn AS (
    SELECT t.product_code, t.open_since, t.probes, t.culprit_since
    FROM product_turn t JOIN product p ON p.code = t.product_code AND p.mode <> 'paused'
    CROSS JOIN LATERAL (
      SELECT q.aim FROM queued_record q WHERE ${isOfTurn("q", "t.product_code", "t.region")}
        AND q.state IN ('sealed', 'rejected') AND q.next_attempt_at <= $2::timestamptz
      ORDER BY q.aim, q.attempts, q.record_id LIMIT 1) due
    WHERE t.region = $1
      AND (t.open_since IS NULL OR t.next_probe_at <= $2::timestamptz)
      AND NOT EXISTS (SELECT 1 FROM portal_state WHERE paused_at IS NOT NULL)
      AND NOT EXISTS (SELECT 1 FROM submission_pace s
        WHERE s.region = $1 AND s.open_since IS NOT NULL AND s.next_probe_at > $2::timestamptz)
    ORDER BY due.aim > $2::timestamptz + interval '1 hour', t.served_at LIMIT 1 FOR UPDATE OF t
  )
  UPDATE product_turn t SET served_at = clock_timestamp()
  FROM turn WHERE t.product_code = turn.product_code AND t.region = $1
  RETURNING t.product_code AS "productCode", turn.open_since IS NOT NULL AS "isOpen", turn.probes,
    turn.culprit_since AS "culpritSince"`;

const PROBE_PRODUCT = `
  UPDATE product_turn SET probes = probes + 1, next_probe_at = $3::timestamptz WHERE region = $1 AND product_code = $2`;

const PROBE_ACCOUNT = `
  UPDATE submission_pace SET probes = probes + 1, next_probe_at = $2::timestamptz WHERE region = $1`;

/** None of the records of a refused call is left to be tried: the culprit is not looked for any longer. */
export async function giveUpCulprit(sql: Sql, productCode: string, region: string): Promise<void> {
  await sql.rows("give up a culprit", GIVE_UP, [region, productCode]);
}

const GIVE_UP = "UPDATE product_turn SET culprit_since = NULL WHERE region = $1 AND product_code = $2";
