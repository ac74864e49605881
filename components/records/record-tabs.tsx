import Link from "next/link";
import { quantityText } from "#components/format/quantity.ts";
import { STATE_WORDS } from "#components/record-state.ts";
import type { RecordState } from "#lib/metering/shapes.ts";
import { type RecordAddress, recordsHref } from "./record-address.ts";

/** These are always offered; the other states when they have records. */
const ALWAYS: readonly RecordState[] = ["open", "sealed", "rejected", "accepted"];
/** Urgent first, final last. */
const ORDER: readonly RecordState[] = [
  "open",
  "sealed",
  "submitting",
  "rejected",
  "unconfirmed",
  "held",
  "expired",
  "accepted",
  "written_off",
];

/** The list by state, each with its count over everything. The other filters stay. */
export function RecordTabs({
  address,
  counts,
}: {
  address: RecordAddress;
  counts: Record<RecordState, number>;
}) {
  const shown = ORDER.filter(
    (state) => ALWAYS.includes(state) || counts[state] > 0 || address.state === state,
  );
  return (
    <nav className="tabs" aria-label="Records by state">
      <Link
        href={recordsHref({ ...address, state: undefined, cursor: undefined })}
        aria-current={address.state === undefined ? "page" : undefined}
      >
        All
      </Link>
      {shown.map((state) => (
        <Link
          key={state}
          href={recordsHref({ ...address, state, cursor: undefined })}
          aria-current={address.state === state ? "page" : undefined}
        >
          {STATE_WORDS[state].word}
          <span className="count">{quantityText(String(counts[state]))}</span>
        </Link>
      ))}
    </nav>
  );
}
