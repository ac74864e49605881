/**
 * One hour of usage as AWS tells them apart within a region: the license in license style, product and buyer in legacy
 * style, then the dimension and the hour in milliseconds.
 */
export function hourKey(of: {
  licenseArn: string | null | undefined;
  productCode: string | null | undefined;
  customer: string | null | undefined;
  dimension: string;
  hour: number;
}): string {
  const who = of.licenseArn || `${of.productCode}/${of.customer}`;
  return `${who} ${of.dimension} ${of.hour}`;
}

/** The same of a sealed record, in SQL: `r` is usage_record. */
export const RECORD_KEY = `CASE r.identity WHEN 'license' THEN r.license_arn
    ELSE r.product_code || '/' || coalesce(r.customer_aws_account_id, r.customer_identifier) END
  || ' ' || r.dimension || ' ' || (extract(epoch FROM r.hour) * 1000)::bigint`;

const HOUR_MS = 3_600_000;
/** The start of the hour that holds a moment of the wire, which counts in seconds. */
export const wireHour = (seconds: number) => Math.floor((seconds * 1000) / HOUR_MS) * HOUR_MS;
