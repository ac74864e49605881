import { db } from "../../database/client.ts";

/** A product as its metering stands: how it is told to AWS, and how much an hour of it may hold. */
export type MeteredProduct = {
  productCode: string;
  /** Null while a purchase has come but nobody has named the product. */
  name: string | null;
  mode: "live" | "paused" | "shadow";
  paused: { since: string; reason: string } | null;
  /** The hours that another program tells AWS: from the first up to, not with, the second; null: none, no end yet. */
  shadowFrom: string | null;
  shadowUntil: string | null;
  /** Every hour before this one is closed. */
  closedThrough: string | null;
  /** `cap`: the most whole units of an hour that go out by themselves; null: what is usual for each series. */
  dimensions: { key: string; name: string; unit: string; isMetered: boolean; cap: string | null }[];
  /** Buyers whose usage is still told in legacy style. */
  legacyBuyers: number;
};

/** Every product, by name. */
export async function listMeteredProducts(): Promise<MeteredProduct[]> {
  const [rows, closings, legacy] = await Promise.all([
    db().product.findMany({
      include: { dimensions: { orderBy: { key: "asc" } } },
      orderBy: [{ name: "asc" }, { code: "asc" }],
    }),
    db().productClosing.findMany(),
    db().identityCutOver.groupBy({ by: ["productCode"], where: { licenseFrom: null }, _count: true }),
  ]);
  const closed = new Map(closings.map(({ productCode, closedThrough }) => [productCode, closedThrough]));
  const buyers = new Map(legacy.map(({ productCode, _count }) => [productCode, _count]));
  return rows.map((row) => ({
    productCode: row.code,
    name: row.name,
    mode: row.mode as MeteredProduct["mode"],
    paused:
      row.mode === "paused" && row.pausedAt
        ? { since: row.pausedAt.toISOString(), reason: row.pausedReason ?? "" }
        : null,
    shadowFrom: row.shadowFrom?.toISOString() ?? null,
    shadowUntil: row.shadowUntil?.toISOString() ?? null,
    closedThrough: closed.get(row.code)?.toISOString() ?? null,
    dimensions: row.dimensions.map(({ key, name, unit, type, cap }) => ({
      key,
      name,
      unit,
      isMetered: type !== "entitled",
      cap: cap === null ? null : String(cap),
    })),
    legacyBuyers: buyers.get(row.code) ?? 0,
  }));
}
