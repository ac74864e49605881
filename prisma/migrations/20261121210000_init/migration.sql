-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "public";

-- CreateTable
CREATE TABLE "portal_state" (
    "id" INTEGER NOT NULL DEFAULT 1,
    "mode" TEXT NOT NULL,
    "clock_offset_ms" BIGINT NOT NULL DEFAULT 0,
    "clock_target" TIMESTAMPTZ(3),
    "database_identity" TEXT NOT NULL,
    "paused_at" TIMESTAMPTZ(3),
    "paused_reason" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "portal_state_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "admin" (
    "id" UUID NOT NULL,
    "email" TEXT NOT NULL,
    "password_hash" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "admin_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "api_key" (
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "prefix" TEXT NOT NULL,
    "secret_hash" BYTEA NOT NULL,
    "scopes" TEXT[],
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "last_used_at" TIMESTAMPTZ(3),
    "revoked_at" TIMESTAMPTZ(3),

    CONSTRAINT "api_key_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "sign_in_failure" (
    "id" BIGSERIAL NOT NULL,
    "email" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "sign_in_failure_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "audit_entry" (
    "id" BIGSERIAL NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "actor" TEXT NOT NULL,
    "action" TEXT NOT NULL,
    "subject" TEXT NOT NULL,
    "detail" JSONB NOT NULL,

    CONSTRAINT "audit_entry_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "product" (
    "code" TEXT NOT NULL,
    "name" TEXT,
    "pricing_model" TEXT,
    "tag_keys" TEXT[],
    "named_at" TIMESTAMPTZ(3),
    "mode" TEXT NOT NULL DEFAULT 'live',
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "product_pkey" PRIMARY KEY ("code")
);

-- CreateTable
CREATE TABLE "product_dimension" (
    "product_code" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "unit" TEXT NOT NULL,
    "type" TEXT NOT NULL,

    CONSTRAINT "product_dimension_pkey" PRIMARY KEY ("product_code","key")
);

-- CreateTable
CREATE TABLE "company" (
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "company_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "member" (
    "id" UUID NOT NULL,
    "company_id" UUID NOT NULL,
    "email" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "member_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "buyer" (
    "id" UUID NOT NULL,
    "aws_account_id" TEXT,
    "customer_identifier" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "buyer_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "license" (
    "id" UUID NOT NULL,
    "license_arn" TEXT,
    "license_key" TEXT,
    "product_code" TEXT NOT NULL,
    "buyer_id" UUID NOT NULL,
    "company_id" UUID,
    "agreement_id" TEXT,
    "state" TEXT NOT NULL DEFAULT 'pending',
    "activated_at" TIMESTAMPTZ(3),
    "ends_at" TIMESTAMPTZ(3),
    "last_event_at" TIMESTAMPTZ(3),
    "entitlements_at" TIMESTAMPTZ(3),
    "sync_due_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "license_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "entitlement" (
    "license_id" UUID NOT NULL,
    "dimension" TEXT NOT NULL,
    "value" TEXT NOT NULL,
    "value_type" TEXT NOT NULL,
    "expires_at" TIMESTAMPTZ(3),

    CONSTRAINT "entitlement_pkey" PRIMARY KEY ("license_id","dimension")
);

-- CreateTable
CREATE TABLE "lifecycle_event" (
    "id" UUID NOT NULL,
    "envelope_id" TEXT NOT NULL,
    "source" TEXT NOT NULL,
    "detail_type" TEXT NOT NULL,
    "license_key" TEXT,
    "agreement_id" TEXT,
    "occurred_at" TIMESTAMPTZ(3) NOT NULL,
    "received_at" TIMESTAMPTZ(3) NOT NULL,
    "raw" JSONB NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'received',
    "applied_at" TIMESTAMPTZ(3),

    CONSTRAINT "lifecycle_event_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "registration" (
    "id" UUID NOT NULL,
    "license_id" UUID NOT NULL,
    "member_id" UUID,
    "offer_type" TEXT,
    "opened_at" TIMESTAMPTZ(3) NOT NULL,
    "completed_at" TIMESTAMPTZ(3),

    CONSTRAINT "registration_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "series" (
    "id" BIGSERIAL NOT NULL,
    "license_id" UUID NOT NULL,
    "product_code" TEXT NOT NULL,
    "dimension" TEXT NOT NULL,

    CONSTRAINT "series_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "usage_event" (
    "day" DATE NOT NULL,
    "product_code" TEXT NOT NULL,
    "source" TEXT NOT NULL,
    "event_id" TEXT NOT NULL,
    "series_id" BIGINT NOT NULL,
    "quantity" DECIMAL(22,12) NOT NULL,
    "tags" JSONB,
    "tag_set" TEXT NOT NULL,
    "occurred_at" TIMESTAMPTZ(3) NOT NULL,
    "hour" TIMESTAMPTZ(3) NOT NULL,
    "received_at" TIMESTAMPTZ(3) NOT NULL,
    "content_hash" BYTEA NOT NULL,

    CONSTRAINT "usage_event_pkey" PRIMARY KEY ("day","product_code","source","event_id")
) PARTITION BY RANGE ("day");

-- CreateTable
CREATE TABLE "product_closing" (
    "product_code" TEXT NOT NULL,
    "closed_through" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "product_closing_pkey" PRIMARY KEY ("product_code")
);

-- CreateTable
CREATE TABLE "license_closing" (
    "license_id" UUID NOT NULL,
    "closed_through" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "license_closing_pkey" PRIMARY KEY ("license_id")
);

-- CreateTable
CREATE TABLE "closed_hour" (
    "product_code" TEXT NOT NULL,
    "hour" TIMESTAMPTZ(3) NOT NULL,
    "next_series_id" BIGINT NOT NULL DEFAULT 0,
    "sealed_at" TIMESTAMPTZ(3),

    CONSTRAINT "closed_hour_pkey" PRIMARY KEY ("product_code","hour")
);

-- CreateTable
CREATE TABLE "remainder" (
    "series_id" BIGINT NOT NULL,
    "tag_set" TEXT NOT NULL,
    "tags" JSONB,
    "quantity" DECIMAL(34,12) NOT NULL,

    CONSTRAINT "remainder_pkey" PRIMARY KEY ("series_id","tag_set")
);

-- CreateTable
CREATE TABLE "identity_cut_over" (
    "product_code" TEXT NOT NULL,
    "buyer_id" UUID NOT NULL,
    "license_from" TIMESTAMPTZ(3),

    CONSTRAINT "identity_cut_over_pkey" PRIMARY KEY ("product_code","buyer_id")
);

-- CreateTable
CREATE TABLE "usage_record" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "series_id" BIGINT NOT NULL,
    "license_id" UUID NOT NULL,
    "buyer_id" UUID NOT NULL,
    "product_code" TEXT NOT NULL,
    "dimension" TEXT NOT NULL,
    "hour" TIMESTAMPTZ(3) NOT NULL,
    "timestamp" TIMESTAMPTZ(3) NOT NULL,
    "identity" TEXT NOT NULL,
    "license_arn" TEXT,
    "customer_aws_account_id" TEXT,
    "customer_identifier" TEXT,
    "region" TEXT NOT NULL,
    "quantity" BIGINT NOT NULL,
    "allocations" JSONB,
    "counted" DECIMAL(34,12) NOT NULL,
    "carried_in" DECIMAL(34,12) NOT NULL,
    "carried_on" DECIMAL(34,12) NOT NULL,
    "aim" TIMESTAMPTZ(3) NOT NULL,
    "last_call" TIMESTAMPTZ(3) NOT NULL,
    "sealed_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "usage_record_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "queued_record" (
    "record_id" UUID NOT NULL,
    "product_code" TEXT NOT NULL,
    "identity" TEXT NOT NULL,
    "region" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "aim" TIMESTAMPTZ(3) NOT NULL,
    "last_call" TIMESTAMPTZ(3) NOT NULL,
    "next_attempt_at" TIMESTAMPTZ(3),
    "lease_id" UUID,
    "lease_until" TIMESTAMPTZ(3),
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "suspect" BOOLEAN NOT NULL DEFAULT false,
    "unanswered" BOOLEAN NOT NULL DEFAULT false,
    "reason_code" TEXT,
    "reason_message" TEXT,

    CONSTRAINT "queued_record_pkey" PRIMARY KEY ("record_id")
);

-- CreateTable
CREATE TABLE "record_outcome" (
    "record_id" UUID NOT NULL,
    "state" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "metering_record_id" TEXT,
    "submission_id" UUID,
    "reason_code" TEXT,
    "reason_message" TEXT,
    "actor" TEXT,

    CONSTRAINT "record_outcome_pkey" PRIMARY KEY ("record_id")
);

-- CreateTable
CREATE TABLE "submission" (
    "id" UUID NOT NULL,
    "product_code" TEXT NOT NULL,
    "identity" TEXT NOT NULL,
    "region" TEXT NOT NULL,
    "encoder_version" INTEGER NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "submission_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "submission_record" (
    "submission_id" UUID NOT NULL,
    "position" INTEGER NOT NULL,
    "record_id" UUID NOT NULL,

    CONSTRAINT "submission_record_pkey" PRIMARY KEY ("submission_id","position")
);

-- CreateTable
CREATE TABLE "submission_answer" (
    "submission_id" UUID NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "duration_ms" INTEGER NOT NULL,
    "outcome" TEXT NOT NULL,
    "aws_request_id" TEXT,
    "error_code" TEXT,
    "error_message" TEXT,

    CONSTRAINT "submission_answer_pkey" PRIMARY KEY ("submission_id")
);

-- CreateTable
CREATE TABLE "submission_result" (
    "submission_id" UUID NOT NULL,
    "record_id" UUID NOT NULL,
    "status" TEXT NOT NULL,
    "metering_record_id" TEXT,

    CONSTRAINT "submission_result_pkey" PRIMARY KEY ("submission_id","record_id")
);

-- CreateTable
CREATE TABLE "movement" (
    "id" BIGSERIAL NOT NULL,
    "series_id" BIGINT NOT NULL,
    "record_id" UUID,
    "from_place" TEXT NOT NULL,
    "to_place" TEXT NOT NULL,
    "quantity" DECIMAL(34,12) NOT NULL,
    "cause" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "movement_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "submission_pace" (
    "region" TEXT NOT NULL,
    "next_start" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "submission_pace_pkey" PRIMARY KEY ("region")
);

-- CreateTable
CREATE TABLE "worker_beat" (
    "id" TEXT NOT NULL,
    "started_at" TIMESTAMPTZ(3) NOT NULL,
    "beat_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "worker_beat_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "admin_email_key" ON "admin"("email");

-- CreateIndex
CREATE UNIQUE INDEX "api_key_secret_hash_key" ON "api_key"("secret_hash");

-- CreateIndex
CREATE INDEX "sign_in_failure_email_at_idx" ON "sign_in_failure"("email", "at");

-- CreateIndex
CREATE INDEX "audit_entry_at_idx" ON "audit_entry"("at");

-- CreateIndex
CREATE UNIQUE INDEX "member_company_id_email_key" ON "member"("company_id", "email");

-- CreateIndex
CREATE UNIQUE INDEX "buyer_aws_account_id_key" ON "buyer"("aws_account_id");

-- CreateIndex
CREATE UNIQUE INDEX "buyer_customer_identifier_key" ON "buyer"("customer_identifier");

-- CreateIndex
CREATE UNIQUE INDEX "license_license_key_key" ON "license"("license_key");

-- CreateIndex
CREATE INDEX "license_product_code_buyer_id_idx" ON "license"("product_code", "buyer_id");

-- CreateIndex
CREATE INDEX "license_company_id_idx" ON "license"("company_id");

-- CreateIndex
CREATE INDEX "license_created_at_id_idx" ON "license"("created_at", "id");

-- CreateIndex
CREATE INDEX "license_sync_due" ON "license"("sync_due_at") WHERE (sync_due_at IS NOT NULL);

-- CreateIndex
CREATE UNIQUE INDEX "license_legacy_once" ON "license"("buyer_id", "product_code") WHERE (license_key IS NULL);

-- CreateIndex
CREATE UNIQUE INDEX "lifecycle_event_envelope_id_key" ON "lifecycle_event"("envelope_id");

-- CreateIndex
CREATE INDEX "lifecycle_event_due" ON "lifecycle_event"("occurred_at") WHERE (state = 'received');

-- CreateIndex
CREATE INDEX "lifecycle_event_license_key_idx" ON "lifecycle_event"("license_key");

-- CreateIndex
CREATE UNIQUE INDEX "registration_license_id_key" ON "registration"("license_id");

-- CreateIndex
CREATE INDEX "registration_opened_at_idx" ON "registration"("opened_at");

-- CreateIndex
CREATE INDEX "series_product_code_id_idx" ON "series"("product_code", "id");

-- CreateIndex
CREATE UNIQUE INDEX "series_license_id_dimension_key" ON "series"("license_id", "dimension");

-- CreateIndex
CREATE INDEX "usage_event_hour_series_id_idx" ON "usage_event"("hour", "series_id");

-- CreateIndex
CREATE INDEX "closed_hour_unsealed" ON "closed_hour"("product_code", "hour") WHERE (sealed_at IS NULL);

-- CreateIndex
CREATE INDEX "remainder_whole" ON "remainder"("series_id") WHERE (quantity >= 1);

-- CreateIndex
CREATE INDEX "usage_record_hour_id_idx" ON "usage_record"("hour", "id");

-- CreateIndex
CREATE INDEX "usage_record_license_id_hour_id_idx" ON "usage_record"("license_id", "hour", "id");

-- CreateIndex
CREATE UNIQUE INDEX "usage_record_series_id_hour_key" ON "usage_record"("series_id", "hour");

-- CreateIndex
CREATE INDEX "queued_record_due" ON "queued_record"("product_code", "identity", "region", "next_attempt_at", "aim") WHERE (state IN ('sealed', 'rejected'));

-- CreateIndex
CREATE INDEX "queued_record_leased" ON "queued_record"("lease_until") WHERE (state = 'submitting');

-- CreateIndex
CREATE INDEX "queued_record_aim_idx" ON "queued_record"("aim");

-- CreateIndex
CREATE INDEX "record_outcome_at_state_idx" ON "record_outcome"("at", "state");

-- CreateIndex
CREATE INDEX "submission_at_idx" ON "submission"("at");

-- CreateIndex
CREATE INDEX "submission_record_record_id_idx" ON "submission_record"("record_id");

-- CreateIndex
CREATE INDEX "submission_result_record_id_idx" ON "submission_result"("record_id");

-- CreateIndex
CREATE INDEX "movement_series_id_idx" ON "movement"("series_id");

-- CreateIndex
CREATE INDEX "movement_record" ON "movement"("record_id") WHERE (record_id IS NOT NULL);

-- AddForeignKey
ALTER TABLE "product_dimension" ADD CONSTRAINT "product_dimension_product_code_fkey" FOREIGN KEY ("product_code") REFERENCES "product"("code") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "member" ADD CONSTRAINT "member_company_id_fkey" FOREIGN KEY ("company_id") REFERENCES "company"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "license" ADD CONSTRAINT "license_buyer_id_fkey" FOREIGN KEY ("buyer_id") REFERENCES "buyer"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "entitlement" ADD CONSTRAINT "entitlement_license_id_fkey" FOREIGN KEY ("license_id") REFERENCES "license"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- ── What Prisma cannot express (prisma/beyond-prisma.txt lists each) ──────────────────────────────────────────────

-- Months of usage events. ingestUsage asks for a month before it writes into it. The partition is built apart and
-- attached, which does not stop readers and writers of the other months.
CREATE FUNCTION ensure_usage_event_month(month date) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  first_day date := date_trunc('month', month)::date;
  part text := 'usage_event_' || to_char(first_day, 'YYYY_MM');
BEGIN
  -- A query, not to_regclass: that one may remember from before the lock that nothing was there.
  IF EXISTS (SELECT FROM pg_class WHERE relname = part AND relispartition) THEN RETURN; END IF;
  PERFORM pg_advisory_xact_lock(hashtext('usage_event_months'));
  IF EXISTS (SELECT FROM pg_class WHERE relname = part AND relispartition) THEN RETURN; END IF;
  EXECUTE format('CREATE TABLE %I (LIKE usage_event INCLUDING DEFAULTS INCLUDING CONSTRAINTS INCLUDING INDEXES)', part);
  EXECUTE format('ALTER TABLE usage_event ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)',
                 part, first_day, (first_day + interval '1 month')::date);
END $$;

-- Rows that are written once: what AWS was told, what it said, and how units moved (M1, M2, M3).
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is insert-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER insert_only BEFORE UPDATE OR DELETE ON usage_record FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER insert_only BEFORE UPDATE OR DELETE ON submission FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER insert_only BEFORE UPDATE OR DELETE ON submission_record FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER insert_only BEFORE UPDATE OR DELETE ON submission_answer FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER insert_only BEFORE UPDATE OR DELETE ON submission_result FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER insert_only BEFORE UPDATE OR DELETE ON movement FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER insert_only BEFORE UPDATE OR DELETE ON audit_entry FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- One identity style per product, buyer and hour (M6): the cut-over row decides, and no record of the other style gets in.
CREATE FUNCTION refuse_second_identity() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (
    SELECT 1 FROM sealed r
    LEFT JOIN identity_cut_over c ON c.product_code = r.product_code AND c.buyer_id = r.buyer_id
    WHERE c.product_code IS NULL
       OR r.identity <> CASE WHEN r.hour >= c.license_from THEN 'license' ELSE 'legacy' END
  ) THEN
    RAISE EXCEPTION 'a usage record is told in another identity style than its buyer''s cut-over says'
      USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER one_identity AFTER INSERT ON usage_record REFERENCING NEW TABLE AS sealed
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_second_identity();

-- A cut-over happens once, and only to an hour after everything already sealed.
CREATE FUNCTION guard_cut_over() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.license_from IS NOT NULL OR EXISTS (
    SELECT 1 FROM usage_record r
    WHERE r.product_code = NEW.product_code AND r.buyer_id = NEW.buyer_id AND r.hour >= NEW.license_from
  ) THEN
    RAISE EXCEPTION 'this cut-over would give an hour two identity styles' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER forward_only BEFORE UPDATE ON identity_cut_over FOR EACH ROW EXECUTE FUNCTION guard_cut_over();

-- A closing row only rises: a closed hour never opens again.
CREATE FUNCTION refuse_reopening() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.closed_through < OLD.closed_through THEN
    RAISE EXCEPTION 'a closed hour cannot be opened again' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER forward_only BEFORE UPDATE ON product_closing FOR EACH ROW EXECUTE FUNCTION refuse_reopening();
CREATE TRIGGER forward_only BEFORE UPDATE ON license_closing FOR EACH ROW EXECUTE FUNCTION refuse_reopening();

ALTER TABLE portal_state ADD CONSTRAINT portal_state_one_row CHECK (id = 1),
  ADD CONSTRAINT portal_state_mode CHECK (mode IN ('sandbox', 'live')),
  ADD CONSTRAINT portal_state_clock CHECK (clock_offset_ms >= 0 AND (mode = 'sandbox' OR clock_offset_ms = 0));
ALTER TABLE product ADD CONSTRAINT product_mode CHECK (mode IN ('live', 'paused')),
  ADD CONSTRAINT product_pricing_model CHECK (pricing_model IN ('subscription', 'contract', 'contract_with_consumption')),
  ADD CONSTRAINT product_tag_keys CHECK (cardinality(tag_keys) <= 5);
ALTER TABLE product_dimension ADD CONSTRAINT product_dimension_type CHECK (type IN ('metered', 'entitled', 'both'));
ALTER TABLE buyer ADD CONSTRAINT buyer_named CHECK (aws_account_id IS NOT NULL OR customer_identifier IS NOT NULL);
ALTER TABLE license ADD CONSTRAINT license_state CHECK (state IN ('pending', 'active', 'ending', 'ended', 'suspended')),
  ADD CONSTRAINT license_key_of_arn CHECK ((license_arn IS NULL) = (license_key IS NULL)),
  ADD CONSTRAINT license_active_since CHECK (state IN ('pending', 'ended') OR activated_at IS NOT NULL);
ALTER TABLE lifecycle_event ADD CONSTRAINT lifecycle_event_state CHECK (state IN ('received', 'waiting', 'applied', 'kept'));
ALTER TABLE usage_event ADD CONSTRAINT usage_event_quantity CHECK (quantity >= 0),
  ADD CONSTRAINT usage_event_hour CHECK (hour = date_trunc('hour', hour, 'UTC'));
ALTER TABLE remainder ADD CONSTRAINT remainder_quantity CHECK (quantity >= 0);
ALTER TABLE usage_record ADD CONSTRAINT usage_record_hour CHECK (hour = date_trunc('hour', hour, 'UTC') AND timestamp >= hour
    AND timestamp < hour + interval '1 hour'),
  ADD CONSTRAINT usage_record_quantity CHECK (quantity >= 0),
  ADD CONSTRAINT usage_record_parts CHECK (counted + carried_in = quantity + carried_on),
  ADD CONSTRAINT usage_record_identity CHECK (CASE identity
    WHEN 'license' THEN license_arn IS NOT NULL AND customer_aws_account_id IS NOT NULL AND customer_identifier IS NULL
    WHEN 'legacy' THEN license_arn IS NULL AND num_nonnulls(customer_aws_account_id, customer_identifier) = 1
    ELSE false END);
ALTER TABLE queued_record ADD CONSTRAINT queued_record_state CHECK (state IN ('sealed', 'submitting', 'rejected', 'unconfirmed', 'held')),
  ADD CONSTRAINT queued_record_lease CHECK ((state = 'submitting') = (lease_id IS NOT NULL AND lease_until IS NOT NULL)),
  ADD CONSTRAINT queued_record_next CHECK ((state IN ('sealed', 'rejected')) = (next_attempt_at IS NOT NULL)),
  ADD CONSTRAINT queued_record_unconfirmed CHECK (state <> 'unconfirmed' OR unanswered);
ALTER TABLE record_outcome ADD CONSTRAINT record_outcome_state CHECK (CASE state
    WHEN 'accepted' THEN metering_record_id IS NOT NULL
    WHEN 'expired' THEN metering_record_id IS NULL
    WHEN 'written_off' THEN metering_record_id IS NULL AND actor IS NOT NULL AND reason_message IS NOT NULL
    ELSE false END);
ALTER TABLE submission_answer ADD CONSTRAINT submission_answer_outcome
  CHECK (outcome IN ('answered', 'refused', 'set_up_fault', 'throttled', 'unknown'));
ALTER TABLE movement ADD CONSTRAINT movement_places CHECK (from_place <> to_place AND quantity > 0
  AND from_place IN ('outside', 'unsealed', 'waiting', 'held', 'billed', 'unconfirmed', 'billed_elsewhere', 'covered', 'moved', 'written_off')
  AND to_place IN ('outside', 'unsealed', 'waiting', 'held', 'billed', 'unconfirmed', 'billed_elsewhere', 'covered', 'moved', 'written_off'));
