import type { RecordState } from "#lib/metering/shapes.ts";

/** What the address of the records list says. Times are RFC 3339. */
export type RecordAddress = {
  state?: RecordState | undefined;
  licenseId?: string | undefined;
  dimension?: string | undefined;
  from?: string | undefined;
  to?: string | undefined;
  cursor?: string | undefined;
};

const RECORDS = "/admin/metering/records";

/** The list's address with these filters, so that any view can be sent to a colleague. */
export function recordsHref(address: RecordAddress): string {
  const words = new URLSearchParams();
  for (const [name, value] of Object.entries(address)) if (value !== undefined) words.set(name, value);
  const query = words.toString();
  return query === "" ? RECORDS : `${RECORDS}?${query}`;
}
