import type { Metadata } from "next";
import Link from "next/link";
import { Deadlines } from "#components/overview/deadlines.tsx";
import { Doors } from "#components/overview/doors.tsx";
import { HourChart } from "#components/overview/hour-chart.tsx";
import { NewestBuyers } from "#components/overview/newest-buyers.tsx";
import { Problems } from "#components/overview/problems.tsx";
import { SendingHand } from "#components/overview/sending-hand.tsx";
import { SystemPanel } from "#components/overview/system-panel.tsx";
import { pauseText, verdictOf } from "#components/overview/verdict.ts";
import { VerdictPanel } from "#components/overview/verdict-panel.tsx";
import { TopBar } from "#components/seller/top-bar.tsx";
import { businessNow } from "#lib/database/clock.ts";
import { readDurability } from "#lib/database/durability.ts";
import { RESTORED } from "#lib/database/stamp.ts";
import { env } from "#lib/env.ts";
import { readEventInbox } from "#lib/licensing/views.ts";
import { readOverview } from "#lib/metering/ledger/overview-views.ts";
import { listProblems } from "#lib/metering/ledger/problem-views.ts";
import { readSystem } from "#lib/metering/ledger/system-views.ts";
import { listOpenSettlements } from "#lib/metering/submission/settlement-views.ts";
import { listNewestBuyers } from "#lib/registration/views.ts";
import { requireAdmin } from "../../signed-in.ts";
import { openAlerts, openRestore } from "./open-alerts.ts";
import { switchSending } from "./sending-actions.ts";

export const dynamic = "force-dynamic";
export const metadata: Metadata = { title: "Overview" };

const BUYERS = 5;
const PROBLEMS = 5;

export default async function OverviewPage() {
  const { email } = await requireAdmin();
  const now = await businessNow();
  const [read, restore, buyers, alerts, problems, waiting, system, inbox, database] = await Promise.all([
    readOverview(now),
    openRestore(),
    listNewestBuyers(BUYERS),
    openAlerts(),
    listProblems(PROBLEMS),
    listOpenSettlements(PROBLEMS),
    readSystem(now),
    readEventInbox(),
    readDurability(),
  ]);
  // The notice above says what happened and what to do: once is enough.
  const reason = `${RESTORED} What to do stands above.`;
  const overview = restore && read.paused ? { ...read, paused: { ...read.paused, reason } } : read;
  const untouched = overview.open === 0 && overview.hours.every((hour) => hour.billed + hour.waiting === 0);
  return (
    <>
      <TopBar crumbs={[{ name: "Overview" }]} />
      <main className="page" id="main" tabIndex={-1}>
        <VerdictPanel verdict={verdictOf(overview, alerts)}>
          {overview.paused ? (
            <a className="btn btn-second" href="#system">
              Go to Resume
            </a>
          ) : overview.inDanger > 0 ? (
            <a className="btn btn-primary" href="#deadlines">
              See the deadlines
            </a>
          ) : (
            untouched && <FirstStep storefront={buyers.length === 0 ? env().SANDBOX_URL : undefined} />
          )}
        </VerdictPanel>
        <Doors overview={overview} />
        <HourChart overview={overview} />
        <div className="cols">
          <div className="stack">
            <Deadlines overview={overview} />
            <Problems {...problems} waiting={waiting} reader={email} now={overview.now} />
          </div>
          <div className="stack">
            <NewestBuyers buyers={buyers} now={overview.now} />
            <SystemPanel facts={{ overview, system, inbox, database }}>
              <SendingHand
                paused={
                  overview.paused && {
                    since: overview.paused.since,
                    words: pauseText(overview.paused, overview.now),
                  }
                }
                switchSending={switchSending}
              />
            </SystemPanel>
          </div>
        </div>
      </main>
    </>
  );
}

/** A portal without usage: first somebody subscribes, then their product sends usage. */
function FirstStep({ storefront }: { storefront: string | undefined }) {
  if (storefront) {
    return (
      <a className="btn btn-primary" href={storefront}>
        Subscribe in the storefront
      </a>
    );
  }
  return (
    <Link className="btn btn-primary" href="/admin/metering/records?send=1">
      Send usage
    </Link>
  );
}
