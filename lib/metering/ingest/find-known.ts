import { remembered } from "../../database/client.ts";
import { licenseKeyOf } from "../../licensing/license-key.ts";
import { findLicensesByBuyer, findLicensesByName, findProducts, type NamedLicense } from "./known-store.ts";
import type { KnownLicense, KnownProduct } from "./read-events.ts";
import type { UsageEventForm } from "./shapes.ts";

/** When more names than this are remembered, remembering begins anew. */
const MOST_NAMES = 200_000;

/**
 * What this process remembers of one life of the database, all of it things that never change while that life lasts: which
 * license a name means, which series it has, which months are there. A reset, a restore or a restart begins another life;
 * each ingest compares (count-usage.ts) before it writes.
 */
export class Life {
  readonly name: string | null;
  readonly byId = new Map<string, KnownLicense>();
  /** As the ARN is written, which is nearly always in one way. */
  readonly byArn = new Map<string, KnownLicense>();
  readonly months = new Set<string>();

  constructor(name: string | null) {
    this.name = name;
  }
}

const memory = () => remembered("metering.ingest.life", () => ({ life: new Life(null) }));

/** The life of the database as far as this process knows. What a batch began with stays whole until it ends. */
export function currentLife(): Life {
  const held = memory();
  if (held.life.byArn.size + held.life.byId.size > MOST_NAMES) held.life = new Life(held.life.name);
  return held.life;
}

/** Forgets what was remembered of another life than this one. */
export function beginLife(name: string): void {
  if (memory().life.name !== name) memory().life = new Life(name);
}

/** The licenses and products that events name: most are remembered, the others are read in one query each. */
export async function knownFor(
  forms: readonly UsageEventForm[],
  life: Life,
): Promise<{
  licenseOf: (form: UsageEventForm) => KnownLicense | null;
  productOf: (productCode: string) => KnownProduct | null;
}> {
  await learnNames(forms, life);
  const byBuyer = await findLicensesByBuyer(forms.filter((form) => !form.licenseId && !form.licenseArn));
  const licenseOf = (form: UsageEventForm): KnownLicense | null => {
    if (form.licenseId) return life.byId.get(form.licenseId.toLowerCase()) ?? null;
    if (form.licenseArn) return life.byArn.get(form.licenseArn) ?? null;
    const named = byBuyer.filter((license) => isNamedBy(license, form));
    // Late usage of a license that ended still names it, unless another one has taken its place.
    const one = onlyOne(named.filter((license) => license.state !== "ended")) ?? onlyOne(named);
    return one && remember(life, one);
  };
  const codes = new Set<string>();
  for (const form of forms) {
    const license = licenseOf(form);
    if (license) codes.add(license.productCode);
  }
  const products = new Map((await findProducts([...codes])).map((row) => [row.code, knownProduct(row)]));
  return { licenseOf, productOf: (code) => products.get(code) ?? null };
}

async function learnNames(forms: readonly UsageEventForm[], life: Life): Promise<void> {
  const ids = new Set<string>();
  const arns = new Set<string>();
  for (const { licenseId, licenseArn } of forms) {
    if (licenseId) {
      if (!life.byId.has(licenseId.toLowerCase())) ids.add(licenseId);
    } else if (licenseArn && !life.byArn.has(licenseArn)) arns.add(licenseArn);
  }
  if (ids.size + arns.size === 0) return;
  const found = await findLicensesByName([...ids], [...arns].map(licenseKeyOf));
  const byKey = new Map(found.map((license) => [license.licenseKey, license]));
  for (const license of found) remember(life, license);
  for (const arn of arns) {
    const license = byKey.get(licenseKeyOf(arn));
    if (license) life.byArn.set(arn, remember(life, license));
  }
}

function remember(life: Life, { id, productCode }: Pick<NamedLicense, "id" | "productCode">): KnownLicense {
  const known = life.byId.get(id) ?? { id, productCode, series: new Map() };
  life.byId.set(id, known);
  return known;
}

/** A product and its buyer name a license when exactly one is there. */
function isNamedBy(
  license: { productCode: string; awsAccountId: string | null; customerIdentifier: string | null },
  form: UsageEventForm,
): boolean {
  if (form.productCode !== license.productCode) return false;
  if (form.customerAwsAccountId) return license.awsAccountId === form.customerAwsAccountId;
  return form.customerIdentifier !== undefined && license.customerIdentifier === form.customerIdentifier;
}

function onlyOne<License>(licenses: License[]): License | null {
  return licenses.length === 1 ? (licenses[0] ?? null) : null;
}

function knownProduct(row: {
  isNamed: boolean;
  tagKeys: string[];
  dimensions: Record<string, string> | null;
}): KnownProduct {
  return {
    dimensions: row.isNamed ? new Map(Object.entries(row.dimensions ?? {})) : null,
    tagKeys: new Set(row.tagKeys),
    tags: new Map(),
  };
}
