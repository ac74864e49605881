import { longestWaitMs } from "./backoff.ts";

/** After this many refusals that blame nobody, and nothing accepted meanwhile, the product itself is at fault. */
export const MOST_UNBLAMED = 5;

const FIRST_PROBE_MS = 30_000;
const LAST_PROBE_MS = 5 * 60_000;
const FIRST_COHORT_PROBE_MS = 60_000;
const LAST_COHORT_PROBE_MS = 15 * 60_000;
/** However near their ends are, all cohorts of a region together probe again at most twice a second: a fifth of the pace. */
const COHORT_PROBES_APART_MS = 500;

/**
 * When an open circuit lets the next single call through. `probes` counts those that failed; `end` is when the first window
 * closes of what waits behind it: the nearer that is, the oftener is probed.
 */
export function nextCircuitProbe(now: Date, probes: number, end: Date | null): Date {
  const waitMs = Math.min(LAST_PROBE_MS, FIRST_PROBE_MS * 2 ** Math.min(probes, 10));
  const mostMs = end ? longestWaitMs(now, end) : Number.POSITIVE_INFINITY;
  return new Date(now.getTime() + Math.min(waitMs, mostMs));
}

/**
 * When the next record of a cohort goes out to see whether its cause was mended. As a window closes of what is set aside in
 * it (`end`), it is probed oftener, unless too many cohorts (`cohorts`, itself among them) would ask for that.
 */
export function nextCohortProbe(
  now: Date,
  probes: number,
  { end, cohorts }: { end: Date | null; cohorts: number },
): Date {
  const waitMs = Math.min(LAST_COHORT_PROBE_MS, FIRST_COHORT_PROBE_MS * 2 ** Math.min(probes, 10));
  const mostMs = end
    ? Math.max(longestWaitMs(now, end), cohorts * COHORT_PROBES_APART_MS)
    : Number.POSITIVE_INFINITY;
  return new Date(now.getTime() + Math.min(waitMs, mostMs));
}

/** What a refusal is about, as far as it may concern other records too: what its code says, or what others were told. */
export type Named = { kind: "dimension" | "license"; key: string };
export type Cause = Named | { kind: "series"; key: string };

/** The cause of a refusal (API reference: BatchMeterUsage); null: dates, tags and allocations are a record's own. */
export function causeOf(code: string, record: { dimension: string; licenseId: string }): Named | null {
  switch (code) {
    case "InvalidUsageDimensionException":
      return { kind: "dimension", key: record.dimension };
    case "InvalidLicenseException":
    case "InvalidCustomerIdentifierException":
    case "CustomerNotSubscribed":
      return { kind: "license", key: record.licenseId };
    default:
      return null;
  }
}

/** AWS takes the dimension of others: it is not in this license's offer. */
export function causeInOffer(record: { dimension: string; licenseId: string }): Cause {
  return { kind: "series", key: `${record.dimension} of license ${record.licenseId}` };
}

/** The name under which records of one cause are set aside. */
export function cohortId(productCode: string, region: string, cause: Cause): string {
  return JSON.stringify([productCode, region, cause.kind, cause.key]);
}
