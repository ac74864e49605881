import { cache } from "react";
import { readRestore } from "#lib/metering/submission/restore-views.ts";
import { listOpenAlerts } from "#lib/outbox/views.ts";

/** What is wrong now: the banner and the overview's verdict read it once, so they cannot contradict each other. */
export const openAlerts = cache(listOpenAlerts);

/** A restore that nobody has resumed from: the notice and the overview read it once. */
export const openRestore = cache(readRestore);
