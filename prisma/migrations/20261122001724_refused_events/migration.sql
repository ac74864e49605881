-- CreateTable
CREATE TABLE "refused_event" (
    "id" BIGSERIAL NOT NULL,
    "content_key" BYTEA NOT NULL,
    "raw" TEXT NOT NULL,
    "is_whole" BOOLEAN NOT NULL,
    "code" TEXT NOT NULL,
    "message" TEXT NOT NULL,
    "first_at" TIMESTAMPTZ(3) NOT NULL,
    "last_at" TIMESTAMPTZ(3) NOT NULL,
    "times" INTEGER NOT NULL DEFAULT 1,
    "replayed_at" TIMESTAMPTZ(3),

    CONSTRAINT "refused_event_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "refused_minute" (
    "minute" TIMESTAMPTZ(3) NOT NULL,
    "code" TEXT NOT NULL,
    "events" BIGINT NOT NULL,

    CONSTRAINT "refused_minute_pkey" PRIMARY KEY ("minute","code")
);

-- CreateIndex
CREATE UNIQUE INDEX "refused_event_content_key_key" ON "refused_event"("content_key");

-- CreateIndex
CREATE INDEX "refused_event_last_at_id_idx" ON "refused_event"("last_at", "id");
