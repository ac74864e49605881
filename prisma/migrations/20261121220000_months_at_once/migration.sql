-- Two requests may want a new month at the same moment. The second look, under the lock, has to read the catalog itself:
-- to_regclass answers from this connection's cache, which an advisory lock does not refresh, and the loser's CREATE TABLE
-- then failed.
CREATE OR REPLACE FUNCTION ensure_usage_event_month(month date) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  first_day date := date_trunc('month', month)::date;
  part text := 'usage_event_' || to_char(first_day, 'YYYY_MM');
BEGIN
  IF to_regclass(part) IS NOT NULL THEN RETURN; END IF;
  PERFORM pg_advisory_xact_lock(hashtext('usage_event_months'));
  IF EXISTS (SELECT 1 FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
             WHERE i.inhparent = 'usage_event'::regclass AND c.relname = part) THEN RETURN; END IF;
  EXECUTE format('CREATE TABLE %I (LIKE usage_event INCLUDING DEFAULTS INCLUDING CONSTRAINTS INCLUDING INDEXES)', part);
  EXECUTE format('ALTER TABLE usage_event ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)',
                 part, first_day, (first_day + interval '1 month')::date);
END $$;
