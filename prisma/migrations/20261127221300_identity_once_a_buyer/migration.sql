-- One identity style per product, buyer and hour (M6), looked up once for all records of a statement that agree.
CREATE OR REPLACE FUNCTION refuse_second_identity() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (
    SELECT 1 FROM (SELECT DISTINCT product_code, buyer_id, hour, identity FROM sealed) r
    LEFT JOIN identity_cut_over c ON c.product_code = r.product_code AND c.buyer_id = r.buyer_id
    WHERE c.product_code IS NULL
       OR r.identity <> CASE WHEN r.hour >= c.license_from THEN 'license' ELSE 'legacy' END
  ) THEN
    RAISE EXCEPTION 'a usage record is told in another identity style than its buyer''s cut-over says'
      USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;
