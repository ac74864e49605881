import {
  CircleCheck,
  CircleDashed,
  CircleMinus,
  CirclePause,
  CircleQuestionMark,
  Clock,
  type LucideIcon,
} from "lucide-react";
import Link from "next/link";
import { isNought, quantityText, sumOf } from "#components/format/quantity.ts";
import type { RecordDetail } from "#lib/metering/shapes.ts";

const PLACES: Record<string, { words: string; icon: LucideIcon }> = {
  unsealed: { words: "Given back, for the next hour", icon: CircleDashed },
  waiting: { words: "Waiting for an answer", icon: Clock },
  held: { words: "On hold", icon: CirclePause },
  billed: { words: "Billed by AWS", icon: CircleCheck },
  unconfirmed: { words: "To be confirmed", icon: CircleQuestionMark },
  billed_elsewhere: { words: "Billed by another program", icon: CircleCheck },
  covered: { words: "Covered by an entitlement", icon: CircleCheck },
  moved: { words: "Moved to another series", icon: CircleMinus },
  written_off: { words: "Written off", icon: CircleMinus },
};

/** Where every unit of this hour is now; the lines add up to what was to place when it closed. */
export function PlacesPanel({ record }: { record: RecordDetail }) {
  const { places, carriedOn } = record;
  const all = sumOf(...places.map(({ quantity }) => quantity), carriedOn);
  return (
    <section className="panel pad">
      <h2>Where the units are</h2>
      <ul className="places">
        {places.map(({ place, quantity }) => {
          const { words, icon: Icon } = PLACES[place] ?? { words: place, icon: CircleDashed };
          return (
            <li key={place}>
              <Icon className="i" />
              <span>{words}</span>
              <b>
                {place === "unsealed" ? (
                  <Unsealed record={record} quantity={quantity} />
                ) : (
                  quantityText(quantity)
                )}
              </b>
            </li>
          );
        })}
        {!isNought(carriedOn) && (
          <li>
            <CircleDashed className="i" />
            <span>Carried on to the next hour</span>
            <b>
              <Unsealed record={record} quantity={carriedOn} />
            </b>
          </li>
        )}
        {!isNought(all) && (
          <li className="sum">
            <span>In all, to the last decimal</span>
            <b>{quantityText(all)}</b>
          </li>
        )}
      </ul>
    </section>
  );
}

/** Leads to what waits unsealed of its license now. */
function Unsealed({ record: { licenseId }, quantity }: { record: RecordDetail; quantity: string }) {
  return (
    <Link href={`/admin/metering/unsealed?of=${licenseId}`} title="What waits unsealed of this license now">
      {quantityText(quantity)}
    </Link>
  );
}
