import { ChevronRight, Lock } from "lucide-react";
import { secondText } from "#components/format/moment.ts";
import { countText } from "#components/format/quantity.ts";
import { STATE_WORDS } from "#components/record-state.ts";
import { Identifier } from "#components/ui/identifier.tsx";
import { STATE_ICONS } from "#components/ui/state-badge.tsx";
import { UtcTime } from "#components/ui/utc-time.tsx";
import type { RecordDetail, SubmissionView } from "#lib/metering/shapes.ts";
import { attemptDetail, attemptWords } from "./attempt-words.ts";
import { Exchange, Request } from "./exchange.tsx";

/** A record that AWS leaves aside for a day is tried more than a hundred times: these stand open, the others fold. */
const OPEN = 4;

/** Everything that was sent, newest first; the newest stands open with its bytes and AWS's answer. */
export function Attempts({ record }: { record: RecordDetail }) {
  const newestFirst = record.submissions.toSorted((one, other) => other.at.localeCompare(one.at));
  const numbered = newestFirst.map((attempt, at) => ({ attempt, number: record.attempts - at }));
  // A fold for one line would save nothing.
  const shown = numbered.length === OPEN + 1 ? OPEN + 1 : OPEN;
  const older = numbered.slice(shown);
  return (
    <section className="panel">
      <div className="panel-head">
        <h2>Attempts</h2>
        <span className="count">
          {record.attempts === 0 ? "none yet" : `${record.attempts}, newest first`}
        </span>
      </div>
      <ol className="timeline attempts">
        {numbered.slice(0, shown).map(({ attempt, number }, at) => (
          <Attempt key={attempt.id} attempt={attempt} number={number}>
            {at === 0 && <Exchange record={record} attempt={attempt} />}
          </Attempt>
        ))}
        {older.length > 0 && (
          <li className="older">
            <details>
              <summary>
                <ChevronRight className="i" />
                {countText(older.length, "earlier attempt")}
              </summary>
              <ol className="timeline">
                {older.map(({ attempt, number }) => (
                  <Attempt key={attempt.id} attempt={attempt} number={number} />
                ))}
              </ol>
            </details>
          </li>
        )}
        <li>
          <span className="dot">
            <Lock className="i" />
          </span>
          <div className="a-h">
            <b>Sealed</b>
            <UtcTime at={record.sealedAt}>{secondText(record.sealedAt)}</UtcTime>
          </div>
          <div className="a-m">The hour closed; from here on nothing in this record changes</div>
          {numbered.length === 0 && (
            <div className="rr">
              <Request record={record} title="What will be sent" />
            </div>
          )}
        </li>
      </ol>
    </section>
  );
}

function Attempt({
  attempt,
  number,
  children,
}: {
  attempt: SubmissionView;
  number: number;
  children?: React.ReactNode;
}) {
  const { title, looksLike } = attemptWords(attempt);
  const Icon = STATE_ICONS[looksLike];
  return (
    <li className={`is-${STATE_WORDS[looksLike].tone}`}>
      <span className="dot">
        <Icon className="i" />
      </span>
      <div className="a-h">
        <b>{title}</b>
        <span className="faint">Attempt {number}</span>
        <UtcTime at={attempt.at}>{secondText(attempt.at)}</UtcTime>
      </div>
      <div className="a-m">
        <span>{attemptDetail(attempt)}</span>
        {attempt.durationMs !== null && <span>{attempt.durationMs} ms</span>}
        {attempt.awsRequestId && <Identifier id={attempt.awsRequestId} what="AWS request id" />}
      </div>
      {children}
    </li>
  );
}
