/** AWS's limits, calls per second per account and region (service quotas of the metering and entitlement services). */
const CALLS_PER_SECOND: Record<string, number> = {
  BatchMeterUsage: 10,
  MeterUsage: 10,
  RegisterUsage: 5,
  GetEntitlements: 20,
};

const MOST_BUCKETS = 1_000;

export type Quotas = {
  /** Counts one call; false when it is one too many within this second of real time. */
  allow(operation: string, account: string, region: string): boolean;
};

/** Counts calls the way AWS's throttle does: a bucket that refills evenly and holds one second's worth. */
export function openQuotas(now: () => number = Date.now): Quotas {
  const buckets = new Map<string, { left: number; at: number }>();
  return {
    allow: (operation, account, region) => {
      const limit = CALLS_PER_SECOND[operation];
      if (limit === undefined) return true;
      const key = `${operation} ${account} ${region}`;
      const at = now();
      const bucket = buckets.get(key) ?? { left: limit, at };
      bucket.left = Math.min(limit, bucket.left + ((at - bucket.at) * limit) / 1_000);
      bucket.at = at;
      // Callers name regions as they like: what nobody asked for lately is forgotten.
      if (buckets.size > MOST_BUCKETS) buckets.clear();
      buckets.set(key, bucket);
      if (bucket.left < 1) return false;
      bucket.left -= 1;
      return true;
    },
  };
}
