import { Lock } from "lucide-react";
import { secondText } from "#components/format/moment.ts";
import { STATE_WORDS } from "#components/record-state.ts";
import { CodePanel } from "#components/ui/code-panel.tsx";
import { Identifier } from "#components/ui/identifier.tsx";
import { STATE_ICONS } from "#components/ui/state-badge.tsx";
import { UtcTime } from "#components/ui/utc-time.tsx";
import type { RecordDetail, SubmissionView } from "#lib/metering/shapes.ts";
import { attemptDetail, attemptWords } from "./attempt-words.ts";
import { readableBody } from "./readable-body.ts";

/** Everything that was sent, newest first; the newest stands open with its bytes and AWS's answer. */
export function Attempts({ record }: { record: RecordDetail }) {
  const newestFirst = record.submissions.toSorted((one, other) => other.at.localeCompare(one.at));
  return (
    <section className="panel">
      <div className="panel-head">
        <h2>Attempts</h2>
        <span className="count">
          {newestFirst.length === 0 ? "none yet" : `${newestFirst.length}, newest first`}
        </span>
      </div>
      <ol className="timeline attempts">
        {newestFirst.map((attempt, at) => (
          <Attempt key={attempt.id} attempt={attempt} number={newestFirst.length - at}>
            {at === 0 && <Exchange record={record} attempt={attempt} />}
          </Attempt>
        ))}
        <li>
          <span className="dot">
            <Lock className="i" />
          </span>
          <div className="a-h">
            <b>Sealed</b>
            <UtcTime at={record.sealedAt}>{secondText(record.sealedAt)}</UtcTime>
          </div>
          <div className="a-m">The hour closed; from here on nothing in this record changes</div>
          {newestFirst.length === 0 && (
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
  children: React.ReactNode;
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

/** The newest attempt's two sides. */
function Exchange({ record, attempt }: { record: RecordDetail; attempt: SubmissionView }) {
  const others = attempt.records - 1;
  return (
    <div className="rr">
      <Request
        record={record}
        title={others === 0 ? "Request, as sent" : `This record’s request; ${others} more travelled with it`}
      />
      <div className="code">
        <div className="code-head">AWS’s answer</div>
        <dl className="kv">
          <dt>Status</dt>
          <dd className="mono">{attempt.status ?? (attempt.outcome === "none" ? "no answer" : "none")}</dd>
          {attempt.errorCode && (
            <>
              <dt>Error</dt>
              <dd className="mono">{attempt.errorCode}</dd>
            </>
          )}
          <dt>Receipt</dt>
          <dd className="mono">{(attempt.outcome === "billed" && record.meteringRecordId) || "none"}</dd>
          <dt>Took</dt>
          <dd>{attempt.durationMs === null ? "never answered" : `${attempt.durationMs} ms`}</dd>
        </dl>
      </div>
    </div>
  );
}

function Request({ record, title }: { record: RecordDetail; title: string }) {
  return (
    <CodePanel title={title} text={record.request} what="request">
      {readableBody(record.request)}
    </CodePanel>
  );
}
