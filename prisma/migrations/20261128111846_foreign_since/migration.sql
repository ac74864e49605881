-- AlterTable
ALTER TABLE "product" ADD COLUMN     "foreign_since" TIMESTAMPTZ(3),
ADD COLUMN     "foreign_until" TIMESTAMPTZ(3);
