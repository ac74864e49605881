-- AlterTable
ALTER TABLE "product_turn" ADD COLUMN     "culprit_since" TIMESTAMPTZ(3),
ADD COLUMN     "last_refused_at" TIMESTAMPTZ(3);
