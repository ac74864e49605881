-- AlterTable
ALTER TABLE "closed_hour" ADD COLUMN     "beaten_at" TIMESTAMPTZ(3);
