import Link from "next/link";
import { TopBar } from "./top-bar.tsx";

/** Nothing has this id. Said inside the seller's room, so that it is read where scripts do not run, too. */
export function NothingHere({
  what,
  list,
  all,
}: {
  /** "record" */
  what: string;
  /** Where such things stand. */
  list: { name: string; href: string };
  /** "Show all records" */
  all: string;
}) {
  return (
    <>
      <TopBar crumbs={[{ name: "Metering" }, list, { name: "Not found" }]} />
      <main className="page" id="main" tabIndex={-1}>
        <section className="status">
          <div>
            <h1>There is no {what} with this id</h1>
            <p>
              The address may have been shortened on its way to you, or it belongs to another portal. Nothing
              is lost: every {what} stands in the list.
            </p>
          </div>
        </section>
        <div>
          <Link className="btn btn-primary" href={list.href}>
            {all}
          </Link>
        </div>
      </main>
    </>
  );
}
