-- AlterTable
ALTER TABLE "license" ADD COLUMN     "agreement_ended_at" TIMESTAMPTZ(3);

-- CreateIndex
CREATE INDEX "license_agreement_id_idx" ON "license"("agreement_id");
