import { X } from "lucide-react";
import Link from "next/link";
import { hourText } from "#components/format/moment.ts";
import { type RecordAddress, recordsHref } from "./record-address.ts";

/** The filters in the address besides the state, each read as a sentence and removable alone. */
export function RecordFilters({ address, buyer }: { address: RecordAddress; buyer: string | undefined }) {
  const { dimension, licenseId, from, to } = address;
  if (!dimension && !licenseId && !from && !to) return null;
  return (
    <ul className="chips" aria-label="Filters">
      {from && (
        <Chip name="Hour from" value={`${hourText(from)} UTC`} without={{ ...address, from: undefined }} />
      )}
      {to && (
        <Chip name="Hour before" value={`${hourText(to)} UTC`} without={{ ...address, to: undefined }} />
      )}
      {dimension && (
        <Chip name="Dimension is" value={dimension} without={{ ...address, dimension: undefined }} />
      )}
      {licenseId && (
        <Chip name="License of" value={buyer ?? licenseId} without={{ ...address, licenseId: undefined }} />
      )}
    </ul>
  );
}

function Chip({ name, value, without }: { name: string; value: string; without: RecordAddress }) {
  return (
    <li className="chip">
      <span>
        {name} <b>{value}</b>
      </span>
      <Link
        href={recordsHref({ ...without, cursor: undefined })}
        aria-label={`Remove filter ${name} ${value}`}
      >
        <X className="i" />
      </Link>
    </li>
  );
}
