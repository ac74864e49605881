-- AlterTable
ALTER TABLE "usage_event" ADD COLUMN     "voided_at" TIMESTAMPTZ(3);

-- CreateTable
CREATE TABLE "alert" (
    "id" BIGSERIAL NOT NULL,
    "code" TEXT NOT NULL,
    "subject" TEXT NOT NULL,
    "severity" TEXT NOT NULL,
    "message" TEXT NOT NULL,
    "opened_at" TIMESTAMPTZ(3) NOT NULL,
    "closed_at" TIMESTAMPTZ(3),
    "told_at" TIMESTAMPTZ(3),

    CONSTRAINT "alert_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "alert_open" ON "alert"("code", "subject") WHERE (closed_at IS NULL);

-- What AWS billed is billed: an accepted outcome neither changes nor goes.
CREATE FUNCTION refuse_unbilling() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.state = 'accepted' OR TG_OP = 'DELETE' THEN
    RAISE EXCEPTION 'the outcome of a record is final' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER billed_stays BEFORE UPDATE OR DELETE ON record_outcome FOR EACH ROW EXECUTE FUNCTION refuse_unbilling();

-- Emptying the ledger is for sandboxes.
CREATE FUNCTION refuse_emptying() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM portal_state WHERE mode = 'live') THEN
    RAISE EXCEPTION '% is never emptied in live mode', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER never_emptied BEFORE TRUNCATE ON usage_record FOR EACH STATEMENT EXECUTE FUNCTION refuse_emptying();
CREATE TRIGGER never_emptied BEFORE TRUNCATE ON record_outcome FOR EACH STATEMENT EXECUTE FUNCTION refuse_emptying();
CREATE TRIGGER never_emptied BEFORE TRUNCATE ON movement FOR EACH STATEMENT EXECUTE FUNCTION refuse_emptying();
CREATE TRIGGER never_emptied BEFORE TRUNCATE ON submission FOR EACH STATEMENT EXECUTE FUNCTION refuse_emptying();
