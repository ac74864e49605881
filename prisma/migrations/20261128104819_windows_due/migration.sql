-- AlterTable
ALTER TABLE "license" ADD COLUMN     "windows_due_at" TIMESTAMPTZ(3);

-- CreateIndex
CREATE INDEX "license_windows_due" ON "license"("windows_due_at") WHERE (windows_due_at IS NOT NULL);
