-- CreateIndex
CREATE INDEX "license_pending" ON "license"("created_at") WHERE (state = 'pending');

-- CreateIndex
CREATE INDEX "lifecycle_event_stuck" ON "lifecycle_event"("state", "received_at") WHERE (state IN ('waiting', 'failed'));

-- CreateIndex
CREATE INDEX "lifecycle_event_unread" ON "lifecycle_event"("received_at") WHERE (detail_type = 'unreadable');
