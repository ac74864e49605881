import { hourText, momentText } from "#components/format/moment.ts";
import { countText, quantityText } from "#components/format/quantity.ts";
import { UtcTime } from "#components/ui/utc-time.tsx";
import type { OperationView } from "#lib/metering/submission/operation.ts";
import {
  goneBefore,
  OPERATION_STATES,
  operationDetail,
  operationTitle,
  progressPercent,
} from "./operation-words.ts";

/** What is to be said of the records that were neither done nor left alone. */
const REST: Record<OperationView["state"], string> = {
  running: "Still to come",
  done: "Gone before",
  aborted: "Not looked at",
};

/** The page's first sentence: what came of an operation so far. */
export function OperationStatus({
  operation,
  children,
}: {
  operation: OperationView;
  children?: React.ReactNode;
}) {
  return (
    <section className="status">
      <div>
        <span className="tag">{OPERATION_STATES[operation.state]}</span>
        <h1>{operationTitle(operation)}</h1>
        <p>{operationDetail(operation)}</p>
      </div>
      {children}
    </section>
  );
}

/** How far it got, as a line and as figures that add up. */
export function OperationProgress({ operation, now }: { operation: OperationView; now: string }) {
  const { matched, done, skipped, actor, createdAt, finishedAt } = operation;
  const percent = progressPercent(operation);
  const gone = goneBefore(operation);
  return (
    <section className="panel" aria-labelledby="progress">
      <div className="panel-head">
        <h2 id="progress">Progress</h2>
        <span className="count">{countText(done + skipped, "record")} looked at</span>
        <b className="more">{percent} %</b>
      </div>
      <div
        className="progress"
        role="progressbar"
        aria-label="Progress"
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={percent}
      >
        <i style={{ "--w": `${percent}%` }} />
      </div>
      <dl className="strip op-strip">
        <Fact name="Matched" note={`when ${actor} asked, at ${momentText(createdAt, now)}`}>
          {quantityText(String(matched))}
        </Fact>
        <Fact name="Done">{quantityText(String(done))}</Fact>
        <Fact name="Left alone">{quantityText(String(skipped))}</Fact>
        <Fact name={REST[operation.state]}>
          {quantityText(String(operation.state === "done" ? gone : Math.max(0, matched - done - skipped)))}
        </Fact>
        <Fact name="Finished">
          {finishedAt ? (
            <>
              <UtcTime at={finishedAt}>{hourText(finishedAt)}</UtcTime> <span className="faint">UTC</span>
            </>
          ) : (
            <span className="faint">not yet</span>
          )}
        </Fact>
      </dl>
    </section>
  );
}

function Fact({ name, note, children }: { name: string; note?: string; children: React.ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        {children}
        {note && <span className="note faint">{note}</span>}
      </dd>
    </div>
  );
}
