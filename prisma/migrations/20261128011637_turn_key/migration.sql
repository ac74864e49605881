-- A product's turn in a region by one number of eight bytes, so that the keys of what is sealed are half as long
-- (docs/decisions/0006-fast-without-forgetting.md). Two turns with the same number are no harm: every statement compares the
-- names as well. PostgreSQL places rows in partitions by this hash, so its versions must keep it.
CREATE FUNCTION turn_key(product_code text, region text) RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN hashtextextended(product_code || ' ' || region, 0);

DROP INDEX "queued_record_due";
DROP INDEX "queued_record_urgent";

-- Whether anything of a turn is due.
CREATE INDEX "queued_record_due" ON "queued_record"(turn_key("product_code", "region"), "next_attempt_at") WHERE (state IN ('sealed', 'rejected'));

-- submitRecords claims by urgency within one turn.
CREATE INDEX "queued_record_urgent" ON "queued_record"(turn_key("product_code", "region"), "aim", "attempts", "record_id") WHERE (state IN ('sealed', 'rejected'));
