-- CreateTable
CREATE TABLE "operation" (
    "id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "filter" JSONB NOT NULL,
    "actor" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "matched" INTEGER NOT NULL,
    "done" INTEGER NOT NULL DEFAULT 0,
    "skipped" INTEGER NOT NULL DEFAULT 0,
    "reasons" JSONB NOT NULL DEFAULT '[]',
    "cursor" UUID,
    "aborted_at" TIMESTAMPTZ(3),
    "aborted_by" TEXT,
    "finished_at" TIMESTAMPTZ(3),

    CONSTRAINT "operation_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "operation_open" ON "operation"("created_at") WHERE (finished_at IS NULL);

ALTER TABLE "operation" ADD CONSTRAINT "operation_kind" CHECK (kind IN ('retry', 'hold', 'release'));
