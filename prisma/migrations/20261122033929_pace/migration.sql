-- AlterTable
ALTER TABLE "submission_pace" ALTER COLUMN "spacing_ms" SET DEFAULT 102;
