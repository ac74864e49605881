// Times as the portal writes them: always UTC on the seller's side, because AWS's hours are.

const DAYS = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** "21 Nov 2026" */
export function dateText(iso: string): string {
  const at = new Date(iso);
  return `${at.getUTCDate()} ${monthOf(at)} ${at.getUTCFullYear()}`;
}

/** "November" */
export function monthText(iso: string): string {
  return new Date(iso).toLocaleString("en-GB", { month: "long", timeZone: "UTC" });
}

/** "21 Nov 14:00" */
export function hourText(iso: string): string {
  const at = new Date(iso);
  return `${at.getUTCDate()} ${monthOf(at)} ${clockText(iso)}`;
}

/** "1 Nov" */
export function shortDayText(iso: string): string {
  const at = new Date(iso);
  return `${at.getUTCDate()} ${monthOf(at)}`;
}

/** "Sat 21 Nov" */
export function dayText(iso: string): string {
  const at = new Date(iso);
  return `${DAYS[at.getUTCDay()] ?? ""} ${at.getUTCDate()} ${monthOf(at)}`;
}

/** "14:05" */
export function clockText(iso: string): string {
  return iso.slice(11, 16);
}

/** "Sat 21 Nov 14:05:02", to the second */
export function secondText(iso: string): string {
  return `${dayText(iso)} ${iso.slice(11, 19)}`;
}

/** "Sat 21 Nov 2026, 14:32 UTC", as the sandbox's strip shows its clock */
export function stripClockText(iso: string): string {
  return `${dayText(iso)} ${iso.slice(0, 4)}, ${clockText(iso)} UTC`;
}

/** A moment of today is its clock time ("14:05 UTC"), any other carries its day ("22 Nov 06:00 UTC"). */
export function momentText(iso: string, now: string): string {
  return `${iso.slice(0, 10) === now.slice(0, 10) ? clockText(iso) : hourText(iso)} UTC`;
}

function monthOf(at: Date): string {
  return MONTHS[at.getUTCMonth()] ?? "";
}
