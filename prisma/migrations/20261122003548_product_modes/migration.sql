-- AlterTable
ALTER TABLE "product" ADD COLUMN     "paused_at" TIMESTAMPTZ(3),
ADD COLUMN     "paused_reason" TEXT,
ADD COLUMN     "shadow_from" TIMESTAMPTZ(3),
ADD COLUMN     "shadow_until" TIMESTAMPTZ(3);

ALTER TABLE "product" DROP CONSTRAINT "product_mode",
  ADD CONSTRAINT "product_mode" CHECK (mode IN ('live', 'paused', 'shadow')),
  ADD CONSTRAINT "product_shadow" CHECK (
    shadow_from = date_trunc('hour', shadow_from, 'UTC') AND shadow_until = date_trunc('hour', shadow_until, 'UTC')
    AND (shadow_until IS NULL OR shadow_until > shadow_from)
    AND (mode <> 'shadow' OR (shadow_from IS NOT NULL AND shadow_until IS NULL)));
