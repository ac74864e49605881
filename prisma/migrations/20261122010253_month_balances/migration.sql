-- CreateTable
CREATE TABLE "closed_month" (
    "month" DATE NOT NULL,
    "events" BIGINT NOT NULL,
    "accepted" DECIMAL(34,12) NOT NULL,
    "closed_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "closed_month_pkey" PRIMARY KEY ("month")
);

-- CreateTable
CREATE TABLE "series_month" (
    "month" DATE NOT NULL,
    "series_id" BIGINT NOT NULL,
    "accepted" DECIMAL(34,12) NOT NULL,

    CONSTRAINT "series_month_pkey" PRIMARY KEY ("month","series_id")
);

CREATE TRIGGER insert_only BEFORE UPDATE OR DELETE ON closed_month FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER insert_only BEFORE UPDATE OR DELETE ON series_month FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
