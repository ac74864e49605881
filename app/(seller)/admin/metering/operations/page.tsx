import type { Metadata } from "next";
import Link from "next/link";
import { OperationList } from "#components/operations/operation-list.tsx";
import { TopBar } from "#components/seller/top-bar.tsx";
import { listOperations } from "#lib/metering/submission/operation-views.ts";
import { requireAdmin } from "../../../../signed-in.ts";

export const dynamic = "force-dynamic";
export const metadata: Metadata = { title: "Operations" };

const NEWEST = 50;

export default async function OperationsPage() {
  await requireAdmin();
  const operations = await listOperations(NEWEST);
  return (
    <>
      <TopBar crumbs={[{ name: "Metering" }, { name: "Operations" }]} />
      <main className="page" id="main" tabIndex={-1}>
        <div className="title">
          <h1>Operations</h1>
        </div>
        {operations.length === 0 ? (
          <section className="panel records-none" aria-label="Newest operations">
            <p>
              A decision about all records of a filter stands here, with how far it got and what it left
              alone. Choose a filter in the list of records, then press “All that match” and Retry, Hold or
              Release.
            </p>
            <Link className="btn btn-second" href="/admin/metering/records?state=sealed">
              Show waiting records
            </Link>
          </section>
        ) : (
          <OperationList operations={operations} />
        )}
      </main>
    </>
  );
}
