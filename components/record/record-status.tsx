import { StateBadge } from "#components/ui/state-badge.tsx";
import type { RecordDetail } from "#lib/metering/shapes.ts";
import { recordSentence } from "./record-sentence.ts";

/** The page's first sentence: what is true of this record now. */
export function RecordStatus({
  record,
  now,
  children,
}: {
  record: RecordDetail;
  now: string;
  children?: React.ReactNode;
}) {
  const { title, detail } = recordSentence(record, now);
  return (
    <section className="status">
      <div>
        <StateBadge state={record.state} large />
        <h1>{title}</h1>
        <p>
          {detail}
          {record.reason && (
            <>
              {" "}
              (<code>{record.reason.code}</code>)
            </>
          )}
        </p>
      </div>
      {children}
    </section>
  );
}
