-- CreateIndex
CREATE INDEX "queued_record_urgent" ON "queued_record"("product_code", "region", "aim", "attempts", "record_id") WHERE (state IN ('sealed', 'rejected'));
