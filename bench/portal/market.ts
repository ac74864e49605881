import type { Stage } from "./stage.ts";

export const PRODUCT = "bench-0123456789abcdefghij";

/** A product with that many dimensions, and buyers with one active license each, as AWS would have made them. */
export async function fillMarket(
  stage: Stage,
  of: { licenses: number; dimensions: number },
): Promise<{ licenseArns: string[]; dimensions: string[] }> {
  const since = new Date(Date.now() - 48 * 3_600_000);
  await stage.query(
    "TRUNCATE product, product_dimension, product_closing, buyer, license, license_closing, entitlement, identity_cut_over, series",
  );
  await stage.query(
    `INSERT INTO product (code, name, pricing_model, tag_keys, named_at) VALUES ($1, 'Bench', 'subscription', '{team}', $2)`,
    [PRODUCT, since],
  );
  await stage.query(
    "INSERT INTO product_closing VALUES ($1, date_trunc('hour', now(), 'UTC') - interval '1 hour')",
    [PRODUCT],
  );
  await stage.query(
    `INSERT INTO product_dimension (product_code, key, name, unit, type)
     SELECT $1, 'dimension_' || n, 'Dimension', 'Units', 'metered' FROM generate_series(1, $2::int) n`,
    [PRODUCT, of.dimensions],
  );
  await stage.query(
    `WITH made AS (
       SELECT n, gen_random_uuid() AS buyer, gen_random_uuid() AS license, 'l-' || lpad(to_hex(n), 32, '0') AS key
       FROM generate_series(1, $2::int) n
     ), buyers AS (
       INSERT INTO buyer (id, aws_account_id) SELECT buyer, lpad(n::text, 12, '0') FROM made
     ), closings AS (
       INSERT INTO license_closing SELECT license, '1970-01-01T00:00:00Z' FROM made
     ), cut_overs AS (
       INSERT INTO identity_cut_over SELECT $1, buyer, '1970-01-01T00:00:00Z' FROM made
     )
     INSERT INTO license (id, license_arn, license_key, product_code, buyer_id, state, activated_at, created_at)
     SELECT license, 'arn:aws:license-manager::294406891311:license:' || key, key, $1, buyer, 'active', $3, $3 FROM made`,
    [PRODUCT, of.licenses, since],
  );
  await stage.query("VACUUM ANALYZE");
  const licenses = await stage.query<{ arn: string }>("SELECT license_arn AS arn FROM license");
  return {
    licenseArns: licenses.map(({ arn }) => arn),
    dimensions: Array.from({ length: of.dimensions }, (_, n) => `dimension_${n + 1}`),
  };
}
