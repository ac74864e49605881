-- AlterTable
ALTER TABLE "portal_state" ADD COLUMN     "region" TEXT;
