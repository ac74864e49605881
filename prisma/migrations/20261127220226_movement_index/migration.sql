-- DropIndex
DROP INDEX "movement_series_id_idx";

-- DropIndex
DROP INDEX "movement_record";

-- CreateIndex
CREATE INDEX "movement_series_id_record_id_idx" ON "movement"("series_id", "record_id");
