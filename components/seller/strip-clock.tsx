"use client";

import { useEffect, useState } from "react";
import { stripClockText } from "#components/format/moment.ts";

/** The sandbox's clock as the server read it; where scripts run it walks on by itself. */
export function StripClock({ now }: { now: string }) {
  const [shown, setShown] = useState(now);
  useEffect(() => {
    setShown(now);
    const seenAt = Date.now();
    const timer = setInterval(() => {
      setShown(new Date(Date.parse(now) + Date.now() - seenAt).toISOString());
    }, 5000);
    return () => clearInterval(timer);
  }, [now]);
  return <time dateTime={shown}>{stripClockText(shown)}</time>;
}
