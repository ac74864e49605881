import { readSql } from "../../database/sql.ts";
import type { UsageEventForm } from "./shapes.ts";

export type NamedLicense = { id: string; licenseKey: string | null; productCode: string };

/** Licenses by our own ids and by the keys of their ARNs. */
export async function findLicensesByName(ids: string[], keys: string[]): Promise<NamedLicense[]> {
  return readSql<NamedLicense>(
    "usage licenses by name",
    `SELECT id, license_key AS "licenseKey", product_code AS "productCode" FROM license WHERE id = ANY($1::uuid[])
     UNION SELECT id, license_key, product_code FROM license WHERE license_key = ANY($2::text[])`,
    [ids, keys],
  );
}

export type BuyersLicense = {
  id: string;
  productCode: string;
  state: string;
  awsAccountId: string | null;
  customerIdentifier: string | null;
};

/** The licenses of the buyers that events name by account or legacy name, for the products they name. */
export async function findLicensesByBuyer(forms: readonly UsageEventForm[]): Promise<BuyersLicense[]> {
  const of = (pick: (form: UsageEventForm) => string | undefined) => [
    ...new Set(forms.map(pick).filter((value) => value !== undefined)),
  ];
  const products = of((form) => form.productCode);
  if (products.length === 0) return [];
  return readSql<BuyersLicense>(
    "usage licenses by buyer",
    `SELECT l.id, l.product_code AS "productCode", l.state, b.aws_account_id AS "awsAccountId",
            b.customer_identifier AS "customerIdentifier"
     FROM (SELECT * FROM buyer WHERE aws_account_id = ANY($1::text[])
           UNION SELECT * FROM buyer WHERE customer_identifier = ANY($2::text[])) b
     JOIN license l ON l.buyer_id = b.id AND l.product_code = ANY($3::text[])`,
    [of((form) => form.customerAwsAccountId), of((form) => form.customerIdentifier), products],
  );
}

export type ProductRow = {
  code: string;
  isNamed: boolean;
  tagKeys: string[];
  dimensions: Record<string, string> | null;
};

/** What counting usage needs of these products. */
export async function findProducts(codes: string[]): Promise<ProductRow[]> {
  if (codes.length === 0) return [];
  return readSql<ProductRow>(
    "usage products",
    `SELECT code, named_at IS NOT NULL AS "isNamed", tag_keys AS "tagKeys",
            (SELECT json_object_agg(key, type) FROM product_dimension d WHERE d.product_code = p.code) AS dimensions
     FROM product p WHERE code = ANY($1::text[])`,
    [codes],
  );
}
