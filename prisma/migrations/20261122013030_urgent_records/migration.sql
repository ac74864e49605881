-- CreateIndex
CREATE INDEX "license_ended" ON "license"("ends_at") WHERE (ends_at IS NOT NULL);

-- CreateIndex
CREATE INDEX "queued_record_urgent" ON "queued_record"("product_code", "region", "aim", "attempts", "record_id") WHERE (state IN ('sealed', 'rejected'));
