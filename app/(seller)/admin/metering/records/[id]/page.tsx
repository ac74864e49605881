import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { z } from "zod";
import { hourText } from "#components/format/moment.ts";
import { Attempts } from "#components/record/attempts.tsx";
import { FrozenFacts } from "#components/record/frozen-facts.tsx";
import { PlacesPanel } from "#components/record/places-panel.tsx";
import { RecordFacts } from "#components/record/record-facts.tsx";
import { RecordStatus } from "#components/record/record-status.tsx";
import { RetryForm } from "#components/record/retry-form.tsx";
import { WhyQuantity } from "#components/record/why-quantity.tsx";
import { WindowPanel } from "#components/record/window-panel.tsx";
import { canBeRetried } from "#components/record-state.ts";
import { buyerName } from "#components/records/record-row.tsx";
import { TopBar } from "#components/seller/top-bar.tsx";
import { businessNow } from "#lib/database/clock.ts";
import { companyNames } from "#lib/licensing/views.ts";
import { getRecord } from "#lib/metering/ledger/record-views.ts";
import { requireAdmin } from "../../../../../signed-in.ts";
import { retryRecord } from "../actions.ts";

export const dynamic = "force-dynamic";
export const metadata: Metadata = { title: "Record" };

export default async function RecordPage({ params }: { params: Promise<{ id: string }> }) {
  await requireAdmin();
  const id = z.uuid().safeParse((await params).id);
  const record = id.success ? await getRecord(id.data) : null;
  if (record === null) notFound();
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
