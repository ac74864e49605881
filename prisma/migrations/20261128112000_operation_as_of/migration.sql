-- What a decision by filter was shown (decision 0012). One that is not finished yet was shown nothing later than this.
ALTER TABLE "operation" ADD COLUMN "as_of" BIGINT;
UPDATE "operation" SET "as_of" = (SELECT coalesce(max(id), 0) FROM movement);
ALTER TABLE "operation" ALTER COLUMN "as_of" SET NOT NULL;
