import type { Metadata } from "next";
import { cache } from "react";
import { z } from "zod";
import { hourText } from "#components/format/moment.ts";
import { Attempts } from "#components/record/attempts.tsx";
import { FrozenFacts } from "#components/record/frozen-facts.tsx";
import { NoSuchRecord } from "#components/record/no-such-record.tsx";
import { PlacesPanel } from "#components/record/places-panel.tsx";
import { RecordFacts } from "#components/record/record-facts.tsx";
import { RecordStatus } from "#components/record/record-status.tsx";
import { RetryForm } from "#components/record/retry-form.tsx";
import { WhyQuantity } from "#components/record/why-quantity.tsx";
import { WindowPanel } from "#components/record/window-panel.tsx";
import { canBeRetried, STATE_WORDS } from "#components/record-state.ts";
import { buyerName } from "#components/records/record-row.tsx";
import { TopBar } from "#components/seller/top-bar.tsx";
import { LiveRefresh } from "#components/ui/live-refresh.tsx";
import { businessNow } from "#lib/database/clock.ts";
import { companyNames } from "#lib/licensing/views.ts";
import { getRecord } from "#lib/metering/ledger/record-views.ts";
import type { RecordDetail } from "#lib/metering/shapes.ts";
import { requireAdmin } from "../../../../../signed-in.ts";
import { retryRecord } from "../actions.ts";

export const dynamic = "force-dynamic";
/** The page and its title read the record once. */
const readRecord = cache(async (given: string): Promise<RecordDetail | null> => {
  const id = z.uuid().safeParse(given);
  return id.success ? getRecord(id.data) : null;
});

type Props = { params: Promise<{ id: string }> };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  await requireAdmin();
  const record = await readRecord((await params).id);
  return {
    title: record === null ? "No such record" : `Record, ${record.dimension}, ${hourText(record.hour)}`,
  };
}

export default async function RecordPage({ params }: Props) {
  await requireAdmin();
  const record = await readRecord((await params).id);
  if (record === null) return <NoSuchRecord />;
  const [at, names] = await Promise.all([businessNow(), companyNames([record.licenseId])]);
  const now = at.toISOString();
  const buyer = names.get(record.licenseId);
  const name = `${buyer ?? buyerName(record.customerAwsAccountId)}, ${hourText(record.hour)}`;
  return (
    <>
      <TopBar
        crumbs={[{ name: "Metering" }, { name: "Records", href: "/admin/metering/records" }, { name }]}
      />
      <main className="page" id="main" tabIndex={-1}>
        <RecordStatus record={record} now={now}>
          <RetryForm
            id={record.id}
            attempts={record.attempts}
            word={STATE_WORDS[record.state].word}
            can={
              canBeRetried(record.state)
                ? "now"
                : record.state === "submitting"
                  ? "not_while_sending"
                  : "not_any_more"
            }
            retry={retryRecord}
          />
        </RecordStatus>
        {isDue(record, now) && <LiveRefresh everySeconds={1} />}
        <RecordFacts record={record} buyer={buyer} />
        <div className="cols rec">
          <div className="stack">
            <WhyQuantity record={record} />
            <Attempts record={record} />
          </div>
          <div className="stack">
            <WindowPanel record={record} now={now} />
            <PlacesPanel record={record} />
            <FrozenFacts record={record} />
          </div>
        </div>
      </main>
    </>
  );
}

/** With AWS, or about to be: the next seconds bring an answer worth seeing at once. */
function isDue(record: RecordDetail, now: string): boolean {
  if (record.state === "submitting") return true;
  return canBeRetried(record.state) && record.nextAttemptAt !== null && record.nextAttemptAt <= now;
}
