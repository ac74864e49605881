import type { Offer } from "../state/agreements.ts";
import type { FaultLevel } from "../state/faults.ts";

/** 18442 → 18,442. Not by a formatter that is made at the start: that costs more than anything else a start does here. */
export const number = (value: number) => value.toLocaleString("en-US");

/** 14:32 */
export const clockTime = (moment: number) => new Date(moment).toISOString().slice(11, 16);

/** Saturday 21 November 2026 */
export function longDay(moment: number): string {
  const date = new Date(moment);
  const part = (options: Intl.DateTimeFormatOptions) =>
    date.toLocaleDateString("en-GB", { ...options, timeZone: "UTC" });
  return `${part({ weekday: "long" })} ${part({ day: "numeric", month: "long", year: "numeric" })}`;
}

/** 21 Nov 2026, 14:32 */
export function shortMoment(moment: number): string {
  const day = new Date(moment).toLocaleDateString("en-GB", {
    day: "numeric",
    month: "short",
    year: "numeric",
    timeZone: "UTC",
  });
  return `${day}, ${clockTime(moment)}`;
}

/** 21 Nov 14:32:07 */
export function exactMoment(moment: number): string {
  const day = new Date(moment).toLocaleDateString("en-GB", {
    day: "numeric",
    month: "short",
    timeZone: "UTC",
  });
  return `${day} ${new Date(moment).toISOString().slice(11, 19)}`;
}

/** How far the clock is ahead, in words. */
export function aheadWords(offsetMs: number): string {
  const minutes = Math.round(Math.abs(offsetMs) / 60_000);
  if (minutes === 0) return "in step with your machine";
  const days = Math.floor(minutes / 1_440);
  const hours = Math.floor((minutes % 1_440) / 60);
  const parts = [
    days > 0 ? `${number(days)} d` : "",
    hours > 0 ? `${hours} h` : "",
    days === 0 && minutes % 60 > 0 ? `${minutes % 60} min` : "",
  ].filter(Boolean);
  return `${parts.join(" ")} ${offsetMs > 0 ? "ahead of" : "behind"} your machine`;
}

/** 5538 1002 7748 */
export const spacedAccount = (accountId: string) => accountId.replace(/(\d{4})(?=\d)/g, "$1 ");

/** OP for Ostra Payments */
export function initials(name: string): string {
  return name
    .split(" ")
    .map((word) => word[0] ?? "")
    .join("")
    .slice(0, 2)
    .toUpperCase();
}

/** l-f124…4d23: the telling ends of a long id */
export function shortId(id: string): string {
  const last = id.slice(id.lastIndexOf(":") + 1);
  const head = last.indexOf("-") + 5;
  return last.length > head + 6 ? `${last.slice(0, head)}…${last.slice(-4)}` : last;
}

/** 10 %, next 1 */
export function levelWords(level: FaultLevel): string {
  return typeof level === "number" ? `${Number((level * 100).toFixed(1))} %` : `next ${number(level.next)}`;
}

/** 120 ms, 5 s */
export function latencyWords(ms: number): string {
  return ms < 1_000 ? `${ms} ms` : `${Number((ms / 1_000).toFixed(1))} s`;
}

export const OFFER_NAMES: Record<Offer, string> = {
  subscription: "Subscription",
  contract: "Contract",
  contract_with_consumption: "Contract with usage",
  free_trial: "Free trial",
  private_offer: "Private offer",
};
