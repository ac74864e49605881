import type { AlertView } from "#lib/outbox/shapes.ts";

type Alert = Pick<AlertView, "code" | "severity" | "subject">;

/** How urgent an alert is, in the words that stand before its message. */
export const URGENCY: Record<AlertView["severity"], string> = {
  failed: "Act now",
  danger: "In danger",
  soon: "Soon",
};

const RECORDS = "/admin/metering/records";

/** Where a person sees to an alert, or null where nothing in the portal can. */
export function alertDoor({
  code,
  subject,
}: Omit<Alert, "severity">): { href: string; words: string } | null {
  switch (code) {
    case "metering.window":
      return { href: "/admin#deadlines", words: "See the deadlines" };
    case "metering.unconfirmed":
      return { href: `${RECORDS}?state=unconfirmed`, words: "See the records" };
    case "metering.held":
      return { href: `${RECORDS}?state=held`, words: "See the records" };
    case "metering.set_aside":
      return { href: `${RECORDS}?state=rejected`, words: "See the records" };
    case "metering.cap":
      return { href: `${RECORDS}?state=held`, words: "See the records" };
    case "metering.paused":
      return subject === ""
        ? { href: "/admin#system", words: "Resume" }
        : { href: `/admin/products#${encodeURIComponent(subject)}`, words: "Resume" };
    case "usage.refused":
      return { href: "/admin/metering/refused", words: "See the events" };
    default:
      return null;
  }
}

/** Whether an alert says that nothing is sent at all. */
export function isPauseOfAll({ code, subject }: Omit<Alert, "severity">): boolean {
  return code === "metering.paused" && subject === "";
}

/** Alerts that say money is not safe; the others only ask for a look soon. */
export function grave<Given extends Pick<Alert, "severity">>(alerts: readonly Given[]): Given[] {
  return alerts.filter(({ severity }) => severity !== "soon");
}
