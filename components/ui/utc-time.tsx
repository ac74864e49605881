"use client";

import { useSyncExternalStore } from "react";

const never = () => () => {};

/** A moment written in UTC; pointing at it shows the reader's own zone. */
export function UtcTime({ at, children }: { at: string; children: React.ReactNode }) {
  const tip = useSyncExternalStore(
    never,
    () => inReadersZone(at),
    () => undefined,
  );
  return (
    <time dateTime={at} data-tip={tip}>
      {children}
    </time>
  );
}

function inReadersZone(at: string): string {
  const words = new Date(at).toLocaleString("en-GB", {
    weekday: "short",
    day: "numeric",
    month: "short",
    hour: "2-digit",
    minute: "2-digit",
  });
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  return `${words} in ${(zone.split("/").at(-1) ?? zone).replaceAll("_", " ")} (your time)`;
}
