-- CreateIndex
CREATE INDEX "identity_cut_over_legacy" ON "identity_cut_over"("product_code", "buyer_id") WHERE (license_from IS NULL);
