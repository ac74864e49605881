import { ChevronRight } from "lucide-react";
import { clockText } from "#components/format/moment.ts";
import { alike, countText, isNought, quantityText, sumOf } from "#components/format/quantity.ts";
import type { RecordDetail } from "#lib/metering/shapes.ts";
import { TagSetTable } from "./tag-set-table.tsx";

/** How the events became this number: what was counted, what was carried in, what was sealed, what goes on. */
export function WhyQuantity({ record }: { record: RecordDetail }) {
  const { quantity, sealedAt, events, allocations } = record;
  const [counted = "", carriedIn = "", toPlace = "", carriedOn = ""] = alike(
    record.counted,
    record.carriedIn,
    sumOf(record.counted, record.carriedIn),
    record.carriedOn,
  );
  return (
    <section className="panel">
      <div className="panel-head">
        <h2>Why {quantityText(quantity)}</h2>
        <span className="count">{countText(events.count, "usage event")}</span>
      </div>
      <ol className="why">
        <li>
          <span className="faint">Counted in this hour</span>
          <b>{quantityText(counted)}</b>
          <span className="faint">{countText(events.count, "event")}</span>
        </li>
        <Operator name="plus">+</Operator>
        <li>
          <span className="faint">Carried in</span>
          <b>{quantityText(carriedIn)}</b>
          <span className="faint">{isNought(carriedIn) ? "nothing" : "from hours before"}</span>
        </li>
        <Operator name="is">=</Operator>
        <li>
          <span className="faint">To place</span>
          <b>{quantityText(toPlace)}</b>
          <span className="faint">sealed at {clockText(sealedAt)}</span>
        </li>
        <Operator name="gives">
          <ChevronRight className="i" />
        </Operator>
        <li className="hit">
          <span>Sealed, sent to AWS</span>
          <b>{quantityText(quantity)}</b>
          <span className="muted">whole units</span>
        </li>
        <Operator name="and">+</Operator>
        <li>
          <span className="faint">Carried on</span>
          <b>{quantityText(carriedOn)}</b>
          <span className="faint">{isNought(carriedOn) ? "nothing" : "to the next hour"}</span>
        </li>
      </ol>
      {allocations.some(({ tags }) => tags !== null) && (
        <TagSetTable head={["Allocation", "Sealed"]} rows={allocations} quantity={quantity} />
      )}
    </section>
  );
}

function Operator({ name, children }: { name: string; children: React.ReactNode }) {
  return (
    <li className="op">
      <span aria-hidden="true">{children}</span>
      <span className="sr">{name}</span>
    </li>
  );
}
