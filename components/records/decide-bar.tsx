import { CirclePause, Play, RotateCw } from "lucide-react";
import { quantityText } from "#components/format/quantity.ts";
import type { RecordState } from "#lib/metering/shapes.ts";
import type { RecordAddress } from "./record-address.ts";

/** Records that a person can decide about; the others have no box to tick. */
export function isChoosable(state: RecordState): boolean {
  return state === "sealed" || state === "rejected" || state === "held";
}

/** What to do with the ticked rows, or with all that match. Each button leads to a preview; nothing happens before that. */
export function DecideBar({
  address,
  matching,
  all,
}: {
  address: RecordAddress;
  /** How many records a decision about all that match is about; null without a filter: nobody decides about everything. */
  matching: number | null;
  /** Whether all that match are chosen to begin with. */
  all: boolean;
}) {
  return (
    <div className="decide">
      {Object.entries(address).map(
        ([name, value]) =>
          value !== undefined && <input key={name} type="hidden" name={name} value={value} />,
      )}
      <span className="decide-t">With the ticked records</span>
      {matching !== null && (
        <label className="decide-all">
          <input className="check" type="checkbox" name="all" value="1" defaultChecked={all} />
          {allText(matching, address)}
        </label>
      )}
      <button className="btn btn-quiet" type="submit" name="decide" value="hold">
        <CirclePause className="i" />
        <Words name="Hold" />
      </button>
      <button className="btn btn-quiet" type="submit" name="decide" value="release">
        <Play className="i" />
        <Words name="Release" />
      </button>
      <button className="btn btn-second" type="submit" name="decide" value="retry">
        <RotateCw className="i" />
        <Words name="Retry" />
      </button>
    </div>
  );
}

/** Which of the two it is, the ticked box decides. */
function Words({ name }: { name: string }) {
  return (
    <>
      <span className="of-ticked">{name}…</span>
      <span className="of-all">{name} all…</span>
    </>
  );
}

/** Without a state among the filters the list shows what is final, too: that cannot be decided about. */
function allText(matching: number, { state }: RecordAddress): string {
  if (matching === 1)
    return state === undefined ? "The only unfinished one that matches" : "The only one that matches";
  return `All ${quantityText(String(matching))} ${state === undefined ? "unfinished " : ""}that match`;
}
