import { Search } from "lucide-react";
import type { Metadata } from "next";
import Link from "next/link";
import { z } from "zod";
import { TopBar } from "#components/seller/top-bar.tsx";
import { UnsealedTable } from "#components/unsealed/unsealed-table.tsx";
import { companyNames, findLicense, listLicenses } from "#lib/licensing/views.ts";
import { listUnsealed } from "#lib/metering/ledger/unsealed-views.ts";
import { requireAdmin } from "../../../../signed-in.ts";

export const dynamic = "force-dynamic";
export const metadata: Metadata = { title: "Unsealed units" };

const PAGE = 50;
const MOST_LICENSES = 200;
const ROOM = "/admin/metering/unsealed";
const Address = z.object({
  of: z.string().trim().max(300).optional().catch(undefined),
  cursor: z.string().max(20).optional().catch(undefined),
});

export default async function UnsealedPage({
  searchParams,
}: {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}) {
  await requireAdmin();
  const { of = "", cursor } = Address.parse(await searchParams);
  const { items, nextCursor } = await listUnsealed(of ? await licensesOf(of) : null, { cursor, limit: PAGE });
  const buyers = await companyNames(items.map(({ licenseId }) => licenseId));
  return (
    <>
      <TopBar crumbs={[{ name: "Metering" }, { name: "Unsealed units" }]} />
      <main className="page" id="main" tabIndex={-1}>
        <div className="title">
          <h1>Unsealed units</h1>
        </div>
        <p className="lead">
          What sealing left, by license and dimension. The next hour takes whole units along; what belongs to
          another license or dimension can be moved there first.
        </p>
        <form className="find" action={ROOM}>
          <label htmlFor="of">License or AWS account</label>
          <input className="input" id="of" name="of" defaultValue={of} maxLength={300} />
          <button className="btn btn-second" type="submit">
            <Search className="i" />
            Find
          </button>
          {of && (
            <Link className="btn btn-quiet" href={ROOM}>
              Show all
            </Link>
          )}
        </form>
        {items.length === 0 ? (
          <section className="panel records-none" aria-label="Unsealed units">
            <p>
              {of
                ? "Nothing of this license or AWS account waits unsealed."
                : "Nothing waits unsealed. Fractions will stand here, and usage that waits for its license or dimension, once an hour is sealed."}
            </p>
          </section>
        ) : (
          <UnsealedTable
            series={items}
            buyers={buyers}
            older={nextCursor && href({ of, cursor: nextCursor })}
            newest={cursor === undefined ? null : href({ of })}
          />
        )}
      </main>
    </>
  );
}

/** The licenses of a buyer's AWS account, or the one that is called so. */
async function licensesOf(name: string): Promise<string[]> {
  if (!/^\d{12}$/.test(name)) return [(await findLicense(name))?.id].filter((id) => id !== undefined);
  const { items } = await listLicenses({ customerAwsAccountId: name, limit: MOST_LICENSES });
  return items.map(({ id }) => id);
}

function href({ of, cursor }: { of: string; cursor?: string }): string {
  const words = new URLSearchParams({ ...(of && { of }), ...(cursor && { cursor }) });
  return words.size === 0 ? ROOM : `${ROOM}?${words}`;
}
