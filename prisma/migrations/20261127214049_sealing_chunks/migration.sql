-- CreateTable
CREATE TABLE "sealing_chunk" (
    "product_code" TEXT NOT NULL,
    "hour" TIMESTAMPTZ(3) NOT NULL,
    "from_series" BIGINT NOT NULL,
    "to_series" BIGINT NOT NULL,

    CONSTRAINT "sealing_chunk_pkey" PRIMARY KEY ("product_code","hour","from_series")
);

-- AlterTable
ALTER TABLE "closed_hour" ADD COLUMN "is_divided" BOOLEAN NOT NULL DEFAULT false;

-- What is left of an hour whose sealing has begun is one chunk.
INSERT INTO "sealing_chunk" SELECT product_code, hour, next_series_id, 9223372036854775807 FROM "closed_hour"
  WHERE sealed_at IS NULL AND next_series_id > 0;
UPDATE "closed_hour" SET is_divided = true WHERE sealed_at IS NULL AND next_series_id > 0;

-- AlterTable
ALTER TABLE "closed_hour" DROP COLUMN "next_series_id";
