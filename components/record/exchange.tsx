import { CodePanel } from "#components/ui/code-panel.tsx";
import type { RecordDetail, SubmissionView } from "#lib/metering/shapes.ts";
import { answerText, answerTitle } from "./attempt-words.ts";
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
      <CodePanel
        title={answerTitle(attempt)}
        text={answerText(attempt, record.meteringRecordId)}
        what="answer"
      />
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
