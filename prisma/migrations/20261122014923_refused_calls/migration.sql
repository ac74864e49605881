-- AlterTable
ALTER TABLE "queued_record" ADD COLUMN     "refused_with" TEXT;

-- By one reading of AWS's texts a refused call books its clean records: those may be billed as well as unanswered ones.
ALTER TABLE "queued_record"
  DROP CONSTRAINT queued_record_unconfirmed,
  ADD CONSTRAINT queued_record_unconfirmed CHECK (state <> 'unconfirmed' OR unanswered OR refused_with IS NOT NULL);
