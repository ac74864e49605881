import { ArrowRightLeft } from "lucide-react";
import type { Metadata } from "next";
import Link from "next/link";
import { cache } from "react";
import { MoveChoice } from "#components/move/move-choice.tsx";
import { MoveStep } from "#components/move/move-step.tsx";
import { buyerName } from "#components/records/record-row.tsx";
import { NothingHere } from "#components/seller/nothing-here.tsx";
import { TopBar } from "#components/seller/top-bar.tsx";
import { UnsealedFacts, UnsealedTagSets } from "#components/unsealed/unsealed-panels.tsx";
import { unsealedDetail, unsealedTitle } from "#components/unsealed/unsealed-words.ts";
import { businessNow } from "#lib/database/clock.ts";
import { companyNames } from "#lib/licensing/views.ts";
import { findUnsealed } from "#lib/metering/ledger/unsealed-views.ts";
import { requireAdmin } from "../../../../../signed-in.ts";
import { move } from "../../move/actions.ts";
import { canMove, readMove, unitsOfSeries } from "../../move/read-move.ts";

export const dynamic = "force-dynamic";
/** The page and its title read the series once. */
const readUnits = cache(findUnsealed);

const LIST = { name: "Unsealed units", href: "/admin/metering/unsealed" };

type Props = {
  params: Promise<{ id: string }>;
  searchParams: Promise<Record<string, string | string[] | undefined>>;
};

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  await requireAdmin();
  const units = await readUnits((await params).id);
  return { title: units === null ? "No such place" : `Unsealed units of ${units.dimension}` };
}

export default async function SeriesPage({ params, searchParams }: Props) {
  const { email: actor } = await requireAdmin();
  const units = await readUnits((await params).id);
  if (units === null) {
    return <NothingHere what="place" list={LIST} all="Show all unsealed units" />; // proxy.ts has said 404
  }
  const by = { actor, now: await businessNow() };
  const movable = unitsOfSeries(units);
  const [names, moving] = await Promise.all([
    companyNames([units.licenseId]),
    readMove(movable, await searchParams, by),
  ]);
  const offered = moving === null && (await canMove(movable, by));
  const buyer = names.get(units.licenseId) ?? buyerName(units.customerAwsAccountId);
  const address = `${LIST.href}/${units.seriesId}`;
  return (
    <>
      <TopBar crumbs={[{ name: "Metering" }, LIST, { name: `${buyer}, ${units.dimension}` }]} />
      <main className="page" id="main" tabIndex={-1}>
        <section className="status">
          <div>
            <h1>{unsealedTitle(units)}</h1>
            <p>{unsealedDetail(units)}</p>
          </div>
          {offered && (
            <div className="s-acts">
              <Link className="btn btn-second" href={`${address}?move=1`}>
                <ArrowRightLeft className="i" />
                Move…
              </Link>
            </div>
          )}
        </section>
        {moving?.half === "choose" && <MoveChoice {...moving} kind="unsealed" back={address} />}
        {moving?.half === "confirm" && <MoveStep {...moving} kind="unsealed" back={address} move={move} />}
        <UnsealedFacts units={units} buyer={buyer} />
        <UnsealedTagSets units={units} />
      </main>
    </>
  );
}
