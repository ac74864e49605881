/**
 * Version 1: what a state file written before versions were kept holds. It never changes again; `IF NOT EXISTS` makes it
 * harmless on such a file. Moments are milliseconds since 1970 by the sandbox's clock unless they say otherwise.
 */
export const FIRST_SCHEMA = `
  CREATE TABLE IF NOT EXISTS settings (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;

  CREATE TABLE IF NOT EXISTS products (
    code TEXT PRIMARY KEY, id TEXT NOT NULL, name TEXT NOT NULL, pricing_model TEXT NOT NULL) STRICT;

  CREATE TABLE IF NOT EXISTS dimensions (
    product_code TEXT NOT NULL REFERENCES products (code), position INTEGER NOT NULL, key TEXT NOT NULL,
    type TEXT NOT NULL CHECK (type IN ('metered', 'entitled', 'both')), name TEXT NOT NULL, unit TEXT NOT NULL,
    included INTEGER, price TEXT, PRIMARY KEY (product_code, key)) STRICT;

  CREATE TABLE IF NOT EXISTS buyers (account_id TEXT PRIMARY KEY, name TEXT NOT NULL, made_at INTEGER) STRICT;

  CREATE TABLE IF NOT EXISTS agreements (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, product_code TEXT NOT NULL REFERENCES products (code),
    account_id TEXT NOT NULL REFERENCES buyers (account_id), license_arn TEXT NOT NULL UNIQUE, offer_id TEXT NOT NULL,
    offer TEXT NOT NULL, accepted_at INTEGER NOT NULL, activates_at INTEGER NOT NULL, activated_at INTEGER,
    ends_at INTEGER, ended_at INTEGER, end_status TEXT) STRICT;
  CREATE INDEX IF NOT EXISTS agreements_of_buyer ON agreements (account_id);
  CREATE INDEX IF NOT EXISTS agreements_to_activate ON agreements (activates_at) WHERE activated_at IS NULL AND ended_at IS NULL;
  CREATE INDEX IF NOT EXISTS agreements_to_end ON agreements (ends_at) WHERE ended_at IS NULL;

  CREATE TABLE IF NOT EXISTS entitlements (
    license_arn TEXT NOT NULL REFERENCES agreements (license_arn), dimension TEXT NOT NULL, value INTEGER NOT NULL,
    expires_at INTEGER NOT NULL, PRIMARY KEY (license_arn, dimension)) STRICT;

  -- Only the hash: whoever reads this file cannot redeem a token.
  CREATE TABLE IF NOT EXISTS registration_tokens (
    hash TEXT PRIMARY KEY, agreement_id TEXT NOT NULL REFERENCES agreements (id), issued_at INTEGER NOT NULL) STRICT;

  -- What AWS would bill. The unique key is AWS's own rule of what one hour of usage is; deduplication is per region.
  CREATE TABLE IF NOT EXISTS ledger (
    metering_record_id TEXT PRIMARY KEY, identity TEXT NOT NULL CHECK (identity IN ('license', 'legacy')),
    region TEXT NOT NULL, product_code TEXT NOT NULL, license_arn TEXT NOT NULL, account_id TEXT NOT NULL,
    dimension TEXT NOT NULL, hour INTEGER NOT NULL, quantity INTEGER NOT NULL, allocations TEXT NOT NULL,
    sends INTEGER NOT NULL, recorded_at INTEGER NOT NULL,
    UNIQUE (region, identity, account_id, license_arn, dimension, hour)) STRICT;
  CREATE INDEX IF NOT EXISTS ledger_by_hour ON ledger (hour);

  CREATE TABLE IF NOT EXISTS calls (
    id INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL, operation TEXT NOT NULL, region TEXT,
    status INTEGER, error TEXT, rule TEXT, fault TEXT, invocation_id TEXT, request_id TEXT NOT NULL,
    request TEXT NOT NULL, response TEXT) STRICT;
  CREATE INDEX IF NOT EXISTS calls_by_operation ON calls (operation, id);

  -- Lifecycle events on their way to the portal. next_attempt_at is real time: the network knows no sandbox clock.
  CREATE TABLE IF NOT EXISTS events (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, agreement_id TEXT NOT NULL,
    detail_type TEXT NOT NULL, at INTEGER NOT NULL, body TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('waiting', 'delivered', 'given_up')), attempts INTEGER NOT NULL DEFAULT 0,
    next_attempt_at INTEGER NOT NULL, last_answer TEXT, delivered_at INTEGER) STRICT;
  CREATE INDEX IF NOT EXISTS events_waiting ON events (next_attempt_at) WHERE state = 'waiting';
`;
