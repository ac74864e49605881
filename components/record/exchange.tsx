import { CodePanel } from "#components/ui/code-panel.tsx";
import type { RecordDetail, SubmissionView } from "#lib/metering/shapes.ts";
import { readableBody } from "./readable-body.ts";

/** An attempt's two sides: what was sent for this record, and what AWS said about it. */
export function Exchange({ record, attempt }: { record: RecordDetail; attempt: SubmissionView }) {
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

/** The exact body, laid out for reading; the copy is the body itself. */
export function Request({ record, title }: { record: RecordDetail; title: string }) {
  return (
    <CodePanel title={title} text={record.request} what="request">
      {readableBody(record.request)}
    </CodePanel>
  );
}
