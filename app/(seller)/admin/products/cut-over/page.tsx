import type { Metadata } from "next";
import Link from "next/link";
import { z } from "zod";
import { CutOverList } from "#components/products/cut-over-list.tsx";
import { CutOverStep } from "#components/products/cut-over-step.tsx";
import {
  blockedBy,
  cutOverProblem,
  legacyBuyerName,
  legacySentence,
} from "#components/products/cut-over-words.ts";
import { TopBar } from "#components/seller/top-bar.tsx";
import { findLegacyBuyer, type LegacyBuyer, listLegacyBuyers } from "#lib/metering/closing/cut-over-views.ts";
import { requireAdmin } from "../../../../signed-in.ts";
import { cutOverBuyer } from "./actions.ts";

export const dynamic = "force-dynamic";
export const metadata: Metadata = { title: "Cut-over" };

const MOST = 100;
const Address = z.object({ product: z.string().min(1).max(255), buyer: z.uuid() });

export default async function CutOverPage({
  searchParams,
}: {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}) {
  await requireAdmin();
  const asked = Address.safeParse(await searchParams).data;
  const of = asked && { productCode: asked.product, buyerId: asked.buyer };
  const [buyers, one] = await Promise.all([listLegacyBuyers(MOST), of ? findLegacyBuyer(of) : null]);
  return (
    <>
      <TopBar
        crumbs={[{ name: "Portal" }, { name: "Products", href: "/admin/products" }, { name: "Cut-over" }]}
      />
      <main className="page" id="main" tabIndex={-1}>
        <div className="title">
          <h1>Cut-over to license style</h1>
        </div>
        {buyers.length > 0 && <p className="hint">{legacySentence(buyers, buyers.length < MOST)}</p>}
        {of && (
          <CutOverStep
            key={`${of.productCode} ${of.buyerId}`}
            of={of}
            title={
              one ? `Tell ${legacyBuyerName(one)} in license style?` : "Tell this buyer in license style?"
            }
            blocked={blockOf(one)}
            licenseIds={one?.nameless ?? []}
            cutOver={cutOverBuyer}
          />
        )}
        {buyers.length === 0 ? (
          <section className="panel records-none" aria-label="Told in legacy style">
            <p>
              Everybody is told in license style. A buyer appears here when they come from a listing of the
              older style, whose usage AWS bills by product code and customer.
            </p>
            <Link className="btn btn-second" href="/admin/products">
              Back to the products
            </Link>
          </section>
        ) : (
          <CutOverList buyers={buyers} all={buyers.length < MOST} />
        )}
      </main>
    </>
  );
}

/** What no form can mend, and where to see to it. */
function blockOf(buyer: LegacyBuyer | null): { words: string; door: string | null } | null {
  if (buyer === null) return { words: cutOverProblem("already"), door: null };
  const problem = blockedBy(buyer);
  if (problem === null) return null;
  return {
    words: cutOverProblem(problem),
    door: problem === "draining" ? "/admin/metering/records?state=sealed" : null,
  };
}
