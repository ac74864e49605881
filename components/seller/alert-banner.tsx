import { ChevronRight, Clock, type LucideIcon, OctagonAlert, TriangleAlert } from "lucide-react";
import Link from "next/link";
import { sentence } from "#components/format/sentence.ts";
import type { AlertView } from "#lib/outbox/shapes.ts";
import { alertDoor, URGENCY } from "./alert-words.ts";

const LOOKS: Record<AlertView["severity"], { icon: LucideIcon; tone: string }> = {
  failed: { icon: OctagonAlert, tone: "is-failed" },
  danger: { icon: TriangleAlert, tone: "is-danger" },
  soon: { icon: Clock, tone: "is-hold" },
};

/** These stand open; the others fold, so that a bad day still leaves room for the page. */
const OPEN = 3;

/** What is wrong now, on every admin page: worst first, as the list comes. A reader hears of what is added. */
export function AlertBanner({ alerts }: { alerts: AlertView[] }) {
  const folded = alerts.slice(OPEN);
  return (
    <div className="alerts" role="status" aria-label="Alerts">
      {alerts.length > 0 && <Lines alerts={alerts.slice(0, OPEN)} />}
      {folded.length > 0 && (
        <details>
          <summary>
            <ChevronRight className="i" />
            {folded.length} more
          </summary>
          <Lines alerts={folded} />
        </details>
      )}
    </div>
  );
}

function Lines({ alerts }: { alerts: AlertView[] }) {
  return (
    <ul>
      {alerts.map((alert) => (
        <Line key={alert.id} alert={alert} />
      ))}
    </ul>
  );
}

function Line({ alert }: { alert: AlertView }) {
  const { icon: Icon, tone } = LOOKS[alert.severity];
  const door = alertDoor(alert);
  return (
    <li className={tone} title={alert.code}>
      <Icon className="i" />
      <p>
        <b>{URGENCY[alert.severity]}:</b> {sentence(alert.message)}{" "}
        {door && (
          <Link href={door.href} prefetch={false}>
            {door.words}
          </Link>
        )}
      </p>
    </li>
  );
}
