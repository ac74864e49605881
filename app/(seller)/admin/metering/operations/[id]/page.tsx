import type { Metadata } from "next";
import Link from "next/link";
import { LeftAlone } from "#components/operations/left-alone.tsx";
import { OperationProgress, OperationStatus } from "#components/operations/operation-status.tsx";
import { filterWords, OPERATION_NAMES } from "#components/operations/operation-words.ts";
import { StopHand } from "#components/operations/stop-hand.tsx";
import { NothingHere } from "#components/seller/nothing-here.tsx";
import { TopBar } from "#components/seller/top-bar.tsx";
import { LiveRefresh } from "#components/ui/live-refresh.tsx";
import { businessNow } from "#lib/database/clock.ts";
import { findOperation } from "#lib/metering/submission/operation-views.ts";
import { requireAdmin } from "../../../../../signed-in.ts";
import { stopOperation } from "../actions.ts";

export const dynamic = "force-dynamic";
export const metadata: Metadata = { title: "Operation" };

const LIST = { name: "Operations", href: "/admin/metering/operations" };

export default async function OperationPage({ params }: { params: Promise<{ id: string }> }) {
  await requireAdmin();
  const operation = await findOperation((await params).id);
  if (operation === null) {
    return <NothingHere what="operation" list={LIST} all="Show all operations" />; // proxy.ts has said 404
  }
  const now = (await businessNow()).toISOString();
  const isRunning = operation.state === "running";
  return (
    <>
      <TopBar crumbs={[{ name: "Metering" }, LIST, { name: OPERATION_NAMES[operation.kind] }]} />
      <main className="page" id="main" tabIndex={-1}>
        <OperationStatus operation={operation}>
          {isRunning && <StopHand id={operation.id} stop={stopOperation} />}
        </OperationStatus>
        {isRunning && <LiveRefresh everySeconds={1} />}
        <ul className="chips" aria-label="Which records">
          {filterWords(operation).map(({ name, value }) => (
            <li className="chip is-fixed" key={name}>
              <span>
                {name} <b>{value}</b>
              </span>
            </li>
          ))}
        </ul>
        <OperationProgress operation={operation} now={now} />
        <LeftAlone operation={operation} />
        <div>
          <Link className="btn btn-second" href={isRunning ? `${LIST.href}/${operation.id}` : LIST.href}>
            {isRunning ? "Look again" : "All operations"}
          </Link>
        </div>
      </main>
    </>
  );
}
