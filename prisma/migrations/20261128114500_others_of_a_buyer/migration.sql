-- Whether another license of the same buyer and product has a dimension's hour: in legacy style AWS could not tell the two
-- apart (decision 0010). What AWS was told of the hour counts whoever is older (a flush tells it early); what waits for it
-- counts for the older one, if that runs.
CREATE OR REPLACE FUNCTION has_elder(younger uuid, used_dimension text, used_hour timestamptz) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
  RETURN EXISTS (
    SELECT 1 FROM license l
    JOIN license o ON o.product_code = l.product_code AND o.buyer_id = l.buyer_id AND o.id <> l.id
    JOIN series s ON s.license_id = o.id AND s.dimension = used_dimension
    WHERE l.id = younger
      AND (EXISTS (SELECT 1 FROM usage_record r WHERE r.series_id = s.id AND r.hour = used_hour AND r.identity = 'legacy')
        OR ((o.created_at, o.id) < (l.created_at, l.id)
          AND o.activated_at < used_hour + interval '1 hour' AND (o.ends_at IS NULL OR o.ends_at > used_hour)
          AND (EXISTS (SELECT 1 FROM remainder r WHERE r.series_id = s.id AND r.quantity >= 1)
            OR EXISTS (SELECT 1 FROM usage_event e WHERE e.series_id = s.id AND e.hour = used_hour
              AND e.day BETWEEN used_hour::date - 3 AND used_hour::date + 1 AND e.voided_at IS NULL)))));
END $$;
