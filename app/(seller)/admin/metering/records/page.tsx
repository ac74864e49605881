import { Send } from "lucide-react";
import type { Metadata } from "next";
import Link from "next/link";
import { z } from "zod";
import { DecideAllStep } from "#components/records/decide-all-step.tsx";
import { isChoosable } from "#components/records/decide-bar.tsx";
import { DecideStep } from "#components/records/decide-step.tsx";
import { type RecordAddress, recordsHref } from "#components/records/record-address.ts";
import { RecordFilters } from "#components/records/record-filters.tsx";
import { RecordTabs } from "#components/records/record-tabs.tsx";
import { RecordsNone } from "#components/records/records-none.tsx";
import { RecordsTable } from "#components/records/records-table.tsx";
import { SendUsage } from "#components/records/send-usage.tsx";
import { TopBar } from "#components/seller/top-bar.tsx";
import { businessNow } from "#lib/database/clock.ts";
import { env } from "#lib/env.ts";
import { companyNames } from "#lib/licensing/views.ts";
import { countRecords, listOpenHours } from "#lib/metering/ledger/views.ts";
import { RECORD_STATES, type RecordState } from "#lib/metering/shapes.ts";
import { requireAdmin } from "../../../../signed-in.ts";
import { decideMatching } from "../operations/actions.ts";
import { createUsageKey } from "./actions.ts";
import { decideChosen } from "./decide-actions.ts";
import {
  type AskedDecision,
  countMatching,
  isShown,
  readDecision,
  readPage,
  sampleEvent,
} from "./read-records.ts";

export const dynamic = "force-dynamic";
export const metadata: Metadata = { title: "Records" };

const moment = z.iso.datetime({ offset: true }).optional().catch(undefined);
/** A filter that nobody could have chosen is left out, so that an old or damaged link still shows a list. */
const Address = z.object({
  state: z.enum(RECORD_STATES).optional().catch(undefined),
  licenseId: z.uuid().optional().catch(undefined),
  dimension: z.string().max(100).optional().catch(undefined),
  from: moment,
  to: moment,
  cursor: z.string().max(300).optional().catch(undefined),
});

export default async function RecordsPage({
  searchParams,
}: {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}) {
  const { email: actor } = await requireAdmin();
  const query = await searchParams;
  const address: RecordAddress = Address.parse(query);
  const now = await businessNow();
  const [counts, openHours, page, event, decision] = await Promise.all([
    countRecords(),
    listOpenHours(),
    readPage(address),
    sampleEvent(now),
    readDecision(query, address, { actor, now }),
  ]);
  const isDecidable = page.items.some(({ state }) => isChoosable(state));
  const matching = isDecidable ? await countMatching(address, counts) : null;
  const empty = openHours.length === 0 && Object.values(counts).every((count) => count === 0);
  const shownHours = address.cursor === undefined ? openHours.filter((hour) => isShown(hour, address)) : [];
  const licenses = [...shownHours, ...page.items].map(({ licenseId }) => licenseId);
  if (address.licenseId) licenses.push(address.licenseId);
  const buyers = await companyNames([...new Set(licenses)]);
  return (
    <>
      <TopBar crumbs={[{ name: "Metering" }, { name: "Records" }]} />
      <main className="page" id="main" tabIndex={-1}>
        <div className="title">
          <h1>Records</h1>
          {!empty && (
            <div className="acts">
              {query.send === "1" ? (
                <Link className="btn btn-second" href="/admin/metering/records">
                  Done sending
                </Link>
              ) : (
                <Link className="btn btn-second" href="/admin/metering/records?send=1">
                  <Send className="i" />
                  Send usage
                </Link>
              )}
            </div>
          )}
        </div>
        {decision && (
          <Step
            key={`${decision.hand} ${decision.ids?.join() ?? "all"}`}
            decision={decision}
            address={address}
          />
        )}
        <SendUsage
          wanted={empty || query.send === "1"}
          empty={empty}
          event={event}
          storefront={env().SANDBOX_URL ?? null}
          createKey={createUsageKey}
        />
        {!empty && (
          <>
            <RecordTabs address={address} counts={counts} />
            <RecordFilters address={address} buyer={address.licenseId && buyers.get(address.licenseId)} />
            {licenses.length === 0 ? (
              <RecordsNone state={address.state} />
            ) : (
              <RecordsTable
                openHours={shownHours}
                records={page.items}
                buyers={buyers}
                now={now.toISOString()}
                total={totalOf(address, counts)}
                older={page.nextCursor && recordsHref({ ...address, cursor: page.nextCursor })}
                address={address}
                chosen={decision && decision.ids === null ? "all" : new Set(decision?.ids)}
                matching={matching}
                newest={address.cursor === undefined ? null : recordsHref({ ...address, cursor: undefined })}
              />
            )}
          </>
        )}
      </main>
    </>
  );
}

/** What the address asks to decide, before it is done. */
function Step({ decision, address }: { decision: AskedDecision; address: RecordAddress }) {
  const back = recordsHref(address);
  if (decision.ids) return <DecideStep {...decision} back={back} decide={decideChosen} />;
  return (
    <DecideAllStep
      hand={decision.hand}
      reach={decision.reach}
      address={{ ...address, cursor: undefined }}
      back={back}
      decide={decideMatching}
    />
  );
}

/** The counts know the states only: with any other filter nobody has counted. */
function totalOf(address: RecordAddress, counts: Record<RecordState, number>): number | null {
  const { state, licenseId, dimension, from, to } = address;
  if (licenseId ?? dimension ?? from ?? to) return null;
  return state ? counts[state] : Object.values(counts).reduce((sum, count) => sum + count, 0);
}
