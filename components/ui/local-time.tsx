"use client";

import { useSyncExternalStore } from "react";

const never = () => () => {};

/** A moment in the reader's own zone. Before any script runs it stands in UTC and says so. */
export function LocalTime({ at, utc, form }: { at: string; utc: string; form: "date" | "moment" }) {
  const words = useSyncExternalStore(
    never,
    () => new Date(at).toLocaleString("en-GB", FORMS[form]),
    () => (form === "date" ? utc : `${utc} UTC`),
  );
  return <time dateTime={at}>{words}</time>;
}

const FORMS = {
  date: { day: "numeric", month: "short", year: "numeric" },
  moment: { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" },
} as const;
