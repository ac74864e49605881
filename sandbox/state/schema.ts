import { FIRST_SCHEMA } from "./first-schema.ts";

/**
 * Version 2: agreements that follow one another under one license, products of the older integration style, the queue,
 * and a ledger that knows who was billed twice.
 */
const YEAR_SCHEMA = `
  ALTER TABLE products ADD COLUMN integration TEXT NOT NULL DEFAULT 'concurrent';
  ALTER TABLE buyers ADD COLUMN customer_identifier TEXT;
  CREATE UNIQUE INDEX buyers_by_identifier ON buyers (customer_identifier) WHERE customer_identifier IS NOT NULL;

  CREATE TABLE agreements_2 (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, product_code TEXT NOT NULL REFERENCES products (code),
    account_id TEXT NOT NULL REFERENCES buyers (account_id), license_arn TEXT NOT NULL, offer_id TEXT NOT NULL,
    offer TEXT NOT NULL, intent TEXT NOT NULL DEFAULT 'NEW', previous_id TEXT, initial_id TEXT NOT NULL,
    proposer_id TEXT, resale_id TEXT, accepted_at INTEGER NOT NULL, starts_at INTEGER NOT NULL,
    activates_at INTEGER NOT NULL, activated_at INTEGER, ends_at INTEGER, ended_at INTEGER, end_status TEXT,
    deprovision_at INTEGER, deprovisioned_at INTEGER, suspended_at INTEGER, trial_ends_at INTEGER,
    auto_renew INTEGER NOT NULL DEFAULT 0, payment_fails INTEGER NOT NULL DEFAULT 0, changed_at INTEGER NOT NULL) STRICT;
  INSERT INTO agreements_2 (seq, id, product_code, account_id, license_arn, offer_id, offer, initial_id, accepted_at,
      starts_at, activates_at, activated_at, ends_at, ended_at, end_status, deprovision_at, deprovisioned_at, changed_at)
    SELECT seq, id, product_code, account_id, license_arn, offer_id, offer, id, accepted_at, activates_at, activates_at,
      activated_at, ends_at, ended_at, end_status, ended_at, ended_at, coalesce(ended_at, activated_at, accepted_at)
    FROM agreements;
  DROP TABLE agreements;
  ALTER TABLE agreements_2 RENAME TO agreements;
  CREATE INDEX agreements_of_buyer ON agreements (account_id, product_code);
  CREATE INDEX agreements_of_license ON agreements (license_arn);
  CREATE INDEX agreements_after ON agreements (previous_id) WHERE previous_id IS NOT NULL;
  CREATE INDEX agreements_to_activate ON agreements (activates_at) WHERE activated_at IS NULL AND ended_at IS NULL;
  CREATE INDEX agreements_to_end ON agreements (ends_at) WHERE ended_at IS NULL AND ends_at IS NOT NULL;
  CREATE INDEX agreements_to_deprovision ON agreements (deprovision_at) WHERE deprovisioned_at IS NULL AND deprovision_at IS NOT NULL;
  CREATE INDEX agreements_to_convert ON agreements (trial_ends_at) WHERE offer = 'free_trial' AND ended_at IS NULL;

  CREATE TABLE entitlements_2 (
    license_arn TEXT NOT NULL, dimension TEXT NOT NULL, value INTEGER NOT NULL, expires_at INTEGER NOT NULL,
    PRIMARY KEY (license_arn, dimension)) STRICT;
  INSERT INTO entitlements_2 SELECT license_arn, dimension, value, expires_at FROM entitlements;
  DROP TABLE entitlements;
  ALTER TABLE entitlements_2 RENAME TO entitlements;

  ALTER TABLE registration_tokens ADD COLUMN life_ms INTEGER;
  ALTER TABLE registration_tokens ADD COLUMN used_at INTEGER;

  -- license_arn names the license, for usage told by product code it is empty, for MeterUsage it is the instance.
  -- is_double: the same usage stands here again under another identity or region.
  CREATE TABLE ledger_2 (
    metering_record_id TEXT NOT NULL, identity TEXT NOT NULL CHECK (identity IN ('license', 'legacy', 'instance')),
    region TEXT NOT NULL, product_code TEXT NOT NULL, license_arn TEXT NOT NULL, account_id TEXT NOT NULL,
    dimension TEXT NOT NULL, hour INTEGER NOT NULL, quantity INTEGER NOT NULL, allocations TEXT NOT NULL,
    sends INTEGER NOT NULL, recorded_at INTEGER NOT NULL, is_double INTEGER NOT NULL DEFAULT 0,
    UNIQUE (hour, account_id, product_code, dimension, identity, license_arn, region)) STRICT;
  INSERT INTO ledger_2 SELECT metering_record_id, identity, region, product_code, license_arn, account_id, dimension,
      hour, quantity, allocations, sends, recorded_at, 0 FROM ledger;
  DROP TABLE ledger;
  ALTER TABLE ledger_2 RENAME TO ledger;
  CREATE INDEX ledger_newest ON ledger (hour, recorded_at);
  CREATE INDEX ledger_doubles ON ledger (hour) WHERE is_double = 1;

  -- hold_until is the sandbox's clock: a delay lives through a walk of the clock. rank is the order of delivery.
  CREATE TABLE events_2 (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, agreement_id TEXT NOT NULL,
    channel TEXT NOT NULL DEFAULT 'eventbridge' CHECK (channel IN ('eventbridge', 'subscription', 'entitlement')),
    detail_type TEXT NOT NULL, at INTEGER NOT NULL, body TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('waiting', 'delivered', 'given_up', 'lost')),
    attempts INTEGER NOT NULL DEFAULT 0, next_attempt_at INTEGER NOT NULL, last_answer TEXT, delivered_at INTEGER,
    hold_until INTEGER NOT NULL DEFAULT 0, rank INTEGER NOT NULL DEFAULT 0, copies INTEGER NOT NULL DEFAULT 1,
    queued INTEGER NOT NULL DEFAULT 0) STRICT;
  INSERT INTO events_2 (seq, id, agreement_id, detail_type, at, body, state, attempts, next_attempt_at, last_answer,
      delivered_at, rank) SELECT seq, id, agreement_id, detail_type, at, body, state, attempts, next_attempt_at,
      last_answer, delivered_at, seq FROM events;
  DROP TABLE events;
  ALTER TABLE events_2 RENAME TO events;
  CREATE INDEX events_waiting ON events (next_attempt_at) WHERE state = 'waiting';
  CREATE INDEX events_to_queue ON events (rank) WHERE queued = 0 AND state <> 'lost';

  -- A queue as SQS keeps it. visible_at is real time: a consumer's lease knows no sandbox clock.
  CREATE TABLE queue_messages (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL, queue TEXT NOT NULL, body TEXT NOT NULL,
    sent_at INTEGER NOT NULL, visible_at INTEGER NOT NULL, receipt TEXT UNIQUE, receives INTEGER NOT NULL DEFAULT 0,
    first_received_at INTEGER) STRICT;
  CREATE INDEX queue_messages_visible ON queue_messages (queue, visible_at);

  -- MeterUsage remembers a client token with the request it came with.
  CREATE TABLE client_tokens (
    token TEXT PRIMARY KEY, request_hash TEXT NOT NULL, metering_record_id TEXT NOT NULL) STRICT;
  -- Containers that registered: later calls of the same one succeed whatever became of the subscription.
  CREATE TABLE registered_usages (product_code TEXT NOT NULL, account_id TEXT NOT NULL, instance TEXT NOT NULL,
    PRIMARY KEY (product_code, account_id, instance)) STRICT;
`;

/** Version 3: what is written before an agreement's end, and requests to cancel it. */
const NOTICES_SCHEMA = `
  ALTER TABLE agreements ADD COLUMN notice_at INTEGER;
  ALTER TABLE agreements ADD COLUMN cancellation_id TEXT;
  ALTER TABLE agreements ADD COLUMN cancellation_due_at INTEGER;
  CREATE INDEX agreements_to_notice ON agreements (notice_at) WHERE ended_at IS NULL AND notice_at IS NOT NULL;
  CREATE INDEX agreements_to_approve ON agreements (cancellation_due_at)
    WHERE ended_at IS NULL AND cancellation_due_at IS NOT NULL;
`;

/** How the state file came to be what it is: entry n makes version n + 1. Entries are only ever added. */
export const VERSIONS: readonly string[] = [FIRST_SCHEMA, YEAR_SCHEMA, NOTICES_SCHEMA];
