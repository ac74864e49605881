import { CirclePause, Play, RotateCw } from "lucide-react";
import type { RecordState } from "#lib/metering/shapes.ts";
import type { RecordAddress } from "./record-address.ts";

/** Records that a person can decide about; the others have no box to tick. */
export function isChoosable(state: RecordState): boolean {
  return state === "sealed" || state === "rejected" || state === "held";
}

/** What to do with the ticked rows. Each button leads to a preview; nothing happens before that. */
export function DecideBar({ address }: { address: RecordAddress }) {
  return (
    <div className="decide">
      {Object.entries(address).map(
        ([name, value]) =>
          value !== undefined && <input key={name} type="hidden" name={name} value={value} />,
      )}
      <span className="decide-t">With the ticked records</span>
      <button className="btn btn-quiet" type="submit" name="decide" value="hold">
        <CirclePause className="i" />
        Hold…
      </button>
      <button className="btn btn-quiet" type="submit" name="decide" value="release">
        <Play className="i" />
        Release…
      </button>
      <button className="btn btn-second" type="submit" name="decide" value="retry">
        <RotateCw className="i" />
        Retry…
      </button>
    </div>
  );
}
