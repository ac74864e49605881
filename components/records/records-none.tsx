import Link from "next/link";
import { STATE_WORDS } from "#components/record-state.ts";
import type { RecordState } from "#lib/metering/shapes.ts";

/** Usage exists, but nothing of it fits the filters. */
export function RecordsNone({ state }: { state: RecordState | undefined }) {
  return (
    <section className="panel records-none" aria-label="Records">
      <p>
        {state === undefined
          ? "No record fits these filters."
          : `No record is ${STATE_WORDS[state].word} with these filters.`}
      </p>
      <Link className="btn btn-second" href="/admin/metering/records">
        Show all records
      </Link>
    </section>
  );
}
