import Link from "next/link";
import { TopBar } from "#components/seller/top-bar.tsx";

/** Nothing has this id. Said inside the seller's room, so that it is read where scripts do not run, too. */
export function NoSuchRecord() {
  return (
    <>
      <TopBar
        crumbs={[
          { name: "Metering" },
          { name: "Records", href: "/admin/metering/records" },
          { name: "Not found" },
        ]}
      />
      <main className="page" id="main" tabIndex={-1}>
        <section className="status">
          <div>
            <h1>There is no record with this id</h1>
            <p>
              The address may have been shortened on its way to you, or it belongs to another portal. Nothing
              is lost: every record stands in the list.
            </p>
          </div>
        </section>
        <div>
          <Link className="btn btn-primary" href="/admin/metering/records">
            Show all records
          </Link>
        </div>
      </main>
    </>
  );
}
