-- CreateTable
CREATE TABLE "settlement" (
    "id" UUID NOT NULL,
    "record_id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "receipt" TEXT,
    "proposed_by" TEXT NOT NULL,
    "proposed_at" TIMESTAMPTZ(3) NOT NULL,
    "settled_by" TEXT,
    "settled_at" TIMESTAMPTZ(3),

    CONSTRAINT "settlement_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "trail_line" (
    "event_id" TEXT NOT NULL,
    "position" INTEGER NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "caller" TEXT NOT NULL,
    "region" TEXT NOT NULL,
    "product_code" TEXT,
    "license_arn" TEXT,
    "customer_aws_account_id" TEXT,
    "customer_identifier" TEXT,
    "dimension" TEXT NOT NULL,
    "hour" TIMESTAMPTZ(3) NOT NULL,
    "timestamp" TIMESTAMPTZ(3) NOT NULL,
    "quantity" BIGINT NOT NULL,
    "allocations" TEXT NOT NULL,
    "status" TEXT NOT NULL,
    "metering_record_id" TEXT,

    CONSTRAINT "trail_line_pkey" PRIMARY KEY ("event_id","position")
);

-- CreateIndex
CREATE INDEX "settlement_record_id_idx" ON "settlement"("record_id");

-- CreateIndex
CREATE UNIQUE INDEX "settlement_open" ON "settlement"("record_id") WHERE (settled_at IS NULL);

-- CreateIndex
CREATE INDEX "trail_line_hour_dimension_idx" ON "trail_line"("hour", "dimension");

-- CreateIndex
CREATE INDEX "record_outcome_after_carry" ON "record_outcome"("at") WHERE (reason_code = 'BilledAfterCarry');

ALTER TABLE "settlement" ADD CONSTRAINT "settlement_kind" CHECK ((kind = 'billed' AND receipt IS NOT NULL)
    OR (kind IN ('not_billed', 'written_off') AND receipt IS NULL)),
  ADD CONSTRAINT "settlement_second_person" CHECK ((settled_by IS NULL) = (settled_at IS NULL)
    AND (kind <> 'not_billed' OR settled_by <> proposed_by));
CREATE TRIGGER insert_only BEFORE UPDATE OR DELETE ON trail_line FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
