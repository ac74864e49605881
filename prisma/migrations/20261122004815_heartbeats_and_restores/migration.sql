-- AlterTable
ALTER TABLE "portal_state" ADD COLUMN     "doubtful_until" TIMESTAMPTZ(3);

-- AlterTable
ALTER TABLE "product" ADD COLUMN     "heartbeats" BOOLEAN NOT NULL DEFAULT false;

-- A cut-over happens once, to an hour after everything already sealed, and only when nothing of the buyer is on its way
-- in the old style any more (M6). The row of one that is being made is locked, so sealing waits for it or sees it.
CREATE OR REPLACE FUNCTION guard_cut_over() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.license_from IS NOT NULL OR EXISTS (
    SELECT 1 FROM usage_record r
    WHERE r.product_code = NEW.product_code AND r.buyer_id = NEW.buyer_id AND r.hour >= NEW.license_from
  ) THEN
    RAISE EXCEPTION 'this cut-over would give an hour two identity styles' USING ERRCODE = 'check_violation';
  END IF;
  IF NEW.license_from IS NOT NULL AND EXISTS (
    SELECT 1 FROM queued_record q JOIN license l ON l.id = q.license_id
    WHERE q.product_code = NEW.product_code AND q.identity = 'legacy' AND l.buyer_id = NEW.buyer_id
  ) THEN
    RAISE EXCEPTION 'records of this buyer are still on their way in legacy style' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
