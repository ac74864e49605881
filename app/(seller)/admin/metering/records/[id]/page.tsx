import type { Metadata } from "next";
import { cache } from "react";
import { z } from "zod";
import { hourText } from "#components/format/moment.ts";
import { MoveChoice } from "#components/move/move-choice.tsx";
import { MoveStep } from "#components/move/move-step.tsx";
import { Attempts } from "#components/record/attempts.tsx";
import { FrozenFacts } from "#components/record/frozen-facts.tsx";
import { PlacesPanel } from "#components/record/places-panel.tsx";
import { RecordFacts } from "#components/record/record-facts.tsx";
import { RecordHands } from "#components/record/record-hands.tsx";
import { RecordStatus } from "#components/record/record-status.tsx";
import { SettleHands, WaitingWord } from "#components/record/settle-hands.tsx";
import { SettleStep } from "#components/record/settle-step.tsx";
import { type NotBilled, settleWords } from "#components/record/settle-words.ts";
import { TrailPanel } from "#components/record/trail-panel.tsx";
import { WhyQuantity } from "#components/record/why-quantity.tsx";
import { WindowPanel } from "#components/record/window-panel.tsx";
import { WriteOffStep } from "#components/record/write-off-step.tsx";
import { canBeRetried } from "#components/record-state.ts";
import { writeOffEffect } from "#components/records/decision-words.ts";
import { buyerName } from "#components/records/record-row.tsx";
import { NothingHere } from "#components/seller/nothing-here.tsx";
import { TopBar } from "#components/seller/top-bar.tsx";
import { LiveRefresh } from "#components/ui/live-refresh.tsx";
import { businessNow } from "#lib/database/clock.ts";
import { companyNames } from "#lib/licensing/views.ts";
import { getRecord } from "#lib/metering/ledger/record-views.ts";
import type { RecordDetail } from "#lib/metering/shapes.ts";
import type { OpenSettlement } from "#lib/metering/submission/settlement-views.ts";
import { requireAdmin } from "../../../../../signed-in.ts";
import { move } from "../../move/actions.ts";
import { readMove, unitsOfRecord } from "../../move/read-move.ts";
import { decideRecord, writeOffRecord } from "../decide-actions.ts";
import { offeredHands } from "./offered-hands.ts";
import { askedKind, readSettlement } from "./read-settlement.ts";
import { settleRecord, withdrawWord } from "./settle-actions.ts";

export const dynamic = "force-dynamic";
/** The page and its title read the record once. */
const readRecord = cache(async (given: string): Promise<RecordDetail | null> => {
  const id = z.uuid().safeParse(given);
  return id.success ? getRecord(id.data) : null;
});

const LIST = { name: "Records", href: "/admin/metering/records" };

type Props = {
  params: Promise<{ id: string }>;
  searchParams: Promise<Record<string, string | string[] | undefined>>;
};

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  await requireAdmin();
  const record = await readRecord((await params).id);
  return {
    title: record === null ? "No such record" : `Record, ${record.dimension}, ${hourText(record.hour)}`,
  };
}

export default async function RecordPage({ params, searchParams }: Props) {
  const { email: actor } = await requireAdmin();
  const record = await readRecord((await params).id);
  if (record === null) {
    return <NothingHere what="record" list={LIST} all="Show all records" />; // proxy.ts has said 404
  }
  const [at, names] = await Promise.all([businessNow(), companyNames([record.licenseId])]);
  const by = { actor, now: at };
  const query = await searchParams;
  const [offered, settlement, moving] = await Promise.all([
    offeredHands(record, by),
    readSettlement(record, by),
    readMove(unitsOfRecord(record), query, by),
  ]);
  const writingOff = query["write-off"] === "1";
  const settling = askedKind(query.settle);
  const address = `/admin/metering/records/${record.id}`;
  const now = at.toISOString();
  const buyer = names.get(record.licenseId);
  const name = `${buyer ?? buyerName(record.customerAwsAccountId)}, ${hourText(record.hour)}`;
  return (
    <>
      <TopBar crumbs={[{ name: "Metering" }, LIST, { name }]} />
      <main className="page" id="main" tabIndex={-1}>
        <RecordStatus record={record} now={now}>
          {settlement && !settling && <SettleHands address={address} notBilled={settlement.notBilled} />}
          {!settlement && !writingOff && !settling && !moving && (
            <RecordHands
              id={record.id}
              attempts={record.attempts}
              state={record.state}
              offered={offered}
              writeOffHref={`${address}?write-off=1`}
              moveHref={`${address}?move=1`}
              decide={decideRecord}
            />
          )}
        </RecordStatus>
        {writingOff && (
          <WriteOffStep
            id={record.id}
            effect={writeOffEffect(record)}
            offered={offered.writeOff}
            back={address}
            writeOff={writeOffRecord}
          />
        )}
        {moving?.half === "choose" && <MoveChoice {...moving} kind="record" back={address} />}
        {moving?.half === "confirm" && <MoveStep {...moving} kind="record" back={address} move={move} />}
        {settlement?.waiting && !settling && (
          <WaitingWord
            settlement={settlement.waiting}
            own={settlement.notBilled === "own_word"}
            address={address}
            withdraw={withdrawWord}
          />
        )}
        {settling && (
          <SettleStep
            key={settling}
            id={record.id}
            kind={settling}
            words={settleWords(settling, settlement?.notBilled ?? "open", record)}
            offered={settlement !== null && (settling !== "not_billed" || isSayable(settlement.notBilled))}
            before={firstWord(settling === "not_billed" ? settlement?.waiting : null)}
            back={address}
            settle={settleRecord}
          />
        )}
        {isDue(record, now) && <LiveRefresh everySeconds={1} />}
        <RecordFacts record={record} buyer={buyer} />
        <div className="cols rec">
          <div className="stack">
            <WhyQuantity record={record} />
            {settlement && <TrailPanel lines={settlement.trail} />}
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

/** Whether this reader may say now that AWS did not bill it. */
function isSayable(notBilled: NotBilled): boolean {
  return notBilled === "open" || notBilled === "others_word";
}

function firstWord(waiting: OpenSettlement | null | undefined): { by: string; reason: string } | null {
  return waiting ? { by: waiting.proposedBy, reason: waiting.reason } : null;
}

/** With AWS, or about to be: the next seconds bring an answer worth seeing at once. */
function isDue(record: RecordDetail, now: string): boolean {
  if (record.state === "submitting") return true;
  return canBeRetried(record.state) && record.nextAttemptAt !== null && record.nextAttemptAt <= now;
}
