import { cache } from "react";
import { listOpenAlerts } from "#lib/outbox/views.ts";

/** What is wrong now: the banner and the overview's verdict read it once, so they cannot contradict each other. */
export const openAlerts = cache(listOpenAlerts);
