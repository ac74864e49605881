-- AlterTable
ALTER TABLE "license" ADD COLUMN     "flushed_at" TIMESTAMPTZ(3);

-- AlterTable
ALTER TABLE "queued_record" ADD COLUMN     "cohort_id" TEXT,
ADD COLUMN     "dimension" TEXT,
ADD COLUMN     "license_id" UUID,
ADD COLUMN     "refused_since" TIMESTAMPTZ(3);

-- What is on its way keeps going: the queue takes both from its records.
UPDATE "queued_record" q SET "dimension" = r."dimension", "license_id" = r."license_id" FROM "usage_record" r WHERE r."id" = q."record_id";
ALTER TABLE "queued_record" ALTER COLUMN "dimension" SET NOT NULL, ALTER COLUMN "license_id" SET NOT NULL;

-- AlterTable
ALTER TABLE "submission_pace" ADD COLUMN     "next_probe_at" TIMESTAMPTZ(3),
ADD COLUMN     "open_since" TIMESTAMPTZ(3),
ADD COLUMN     "probes" INTEGER NOT NULL DEFAULT 0,
ADD COLUMN     "reason_code" TEXT,
ADD COLUMN     "reason_message" TEXT,
ADD COLUMN     "spacing_ms" INTEGER NOT NULL DEFAULT 105;

-- CreateTable
CREATE TABLE "product_turn" (
    "product_code" TEXT NOT NULL,
    "region" TEXT NOT NULL,
    "served_at" TIMESTAMPTZ(3) NOT NULL DEFAULT '1970-01-01 00:00:00+00'::timestamptz,
    "last_accepted_at" TIMESTAMPTZ(3),
    "unblamed" INTEGER NOT NULL DEFAULT 0,
    "open_since" TIMESTAMPTZ(3),
    "reason_code" TEXT,
    "reason_message" TEXT,
    "next_probe_at" TIMESTAMPTZ(3),
    "probes" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "product_turn_pkey" PRIMARY KEY ("product_code","region")
);

-- CreateTable
CREATE TABLE "cohort" (
    "id" TEXT NOT NULL,
    "product_code" TEXT NOT NULL,
    "region" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "cause" TEXT NOT NULL,
    "reason_code" TEXT NOT NULL,
    "reason_message" TEXT NOT NULL,
    "since" TIMESTAMPTZ(3) NOT NULL,
    "next_probe_at" TIMESTAMPTZ(3) NOT NULL,
    "probes" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "cohort_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "cohort_product_code_region_idx" ON "cohort"("product_code", "region");

-- CreateIndex
CREATE INDEX "license_to_flush" ON "license"("ends_at") WHERE (ends_at IS NOT NULL AND flushed_at IS NULL);

-- CreateIndex
CREATE INDEX "queued_record_cohort" ON "queued_record"("cohort_id", "aim") WHERE (cohort_id IS NOT NULL);

-- CreateIndex
CREATE INDEX "queued_record_license_id_idx" ON "queued_record"("license_id");

-- Products with records on their way have a turn.
INSERT INTO "product_turn" ("product_code", "region") SELECT DISTINCT "product_code", "region" FROM "queued_record";
