-- AlterTable
ALTER TABLE "license" ADD COLUMN     "sync_asked_at" TIMESTAMPTZ(3);
