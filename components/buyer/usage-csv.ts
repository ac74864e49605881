import type { LicenseView } from "#lib/licensing/shapes.ts";
import type { MonthUsage } from "#lib/metering/shapes.ts";

const HEAD = ["day (UTC)", "product", "license", "dimension", "quantity"];

/** The month by day, license and dimension, as RFC 4180 text. */
export function usageCsv(usage: MonthUsage, licenses: LicenseView[]): string {
  const byId = new Map(licenses.map((license) => [license.id, license]));
  const lines = usage.days
    .toSorted((one, other) => one.day.localeCompare(other.day))
    .map(({ day, licenseId, dimension, quantity }) => {
      const license = byId.get(licenseId);
      const product = license?.productName ?? license?.productCode ?? "";
      return [day, product, license?.licenseArn ?? licenseId, dimension, quantity];
    });
  return [HEAD, ...lines].map((line) => `${line.map(cell).join(",")}\r\n`).join("");
}

/** Quoted where the comma or a quote is meant; what a table program would run as a formula is kept as text. */
function cell(text: string): string {
  const plain = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain;
}
