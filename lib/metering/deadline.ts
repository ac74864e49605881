import { addHours, addMinutes, earlier, later } from "./hours.ts";

export type Window = {
  /** The earliest moment at which any reading of AWS's rules closes the window. */
  aim: Date;
  /** The latest such moment, plus ten minutes: after it nobody tries any more. */
  lastCall: Date;
};

/**
 * When AWS takes a record of this hour (M5; API reference BatchMeterUsage: 24 hours, 6 in China, and 06:00 UTC on the 1st
 * for the month before; user guide: one hour after the license's end, or by one reading its agreement's). AWS does not say whether the 24 hours count from
 * the hour's start or its end, nor whether the month's grace goes beyond them: the aim takes the earlier reading, the
 * last call the later one.
 */
export function windowOf(record: {
  hour: Date;
  region: string;
  licenseEndsAt: Date | null;
  agreementEndedAt: Date | null;
}): Window {
  const { hour, licenseEndsAt, agreementEndedAt } = record;
  const hours = record.region.startsWith("cn-") ? 6 : 24;
  const nextMonth = new Date(Date.UTC(hour.getUTCFullYear(), hour.getUTCMonth() + 1, 1));
  const monthCloses = addHours(nextMonth, 6);
  let aim = earlier(addHours(hour, hours), monthCloses);
  let latest = addHours(hour, hours + 1);
  if (latest > nextMonth) latest = monthCloses;
  if (licenseEndsAt) {
    aim = earlier(aim, addHours(licenseEndsAt, 1));
    latest = earlier(latest, addHours(licenseEndsAt, 1));
  }
  if (agreementEndedAt && hour < agreementEndedAt) aim = earlier(aim, addHours(agreementEndedAt, 1));
  return { aim, lastCall: addMinutes(later(aim, latest), 10) };
}
