import { CirclePause, CircleQuestionMark, type LucideIcon, OctagonX, Users } from "lucide-react";
import Link from "next/link";
import { countText } from "#components/format/quantity.ts";
import type { ProblemView, RecordState } from "#lib/metering/shapes.ts";
import type { OpenSettlement } from "#lib/metering/submission/settlement-views.ts";
import { type ProblemWords, problemWords, waitingWords } from "./problem-words.ts";

const LOOKS: Partial<Record<RecordState, { icon: LucideIcon; tone: string }>> = {
  held: { icon: CirclePause, tone: "is-hold" },
  unconfirmed: { icon: CircleQuestionMark, tone: "is-danger" },
};
const REFUSED = { icon: OctagonX, tone: "is-failed" };

/** What waits for a person: decisions that wait for a second one, then records gathered by cause. Each leads to them. */
export function Problems({
  items,
  total,
  waiting,
  reader,
  now,
}: {
  items: ProblemView[];
  total: number;
  /** Words about records to be confirmed that nobody has confirmed yet. */
  waiting: OpenSettlement[];
  /** Who looks: nobody confirms their own word. */
  reader: string;
  now: string;
}) {
  const open = total + waiting.length;
  return (
    <section className="panel" id="problems">
      <div className="panel-head">
        <h2>Problems</h2>
        <span className="count">{open === 0 ? "none open" : `${open} open`}</span>
      </div>
      {open === 0 ? (
        <p className="panel-empty">
          Nothing waits for a person. What AWS refuses, and what is on hold, gathers here by cause, with its
          records.
        </p>
      ) : (
        <ul className="problems">
          {waiting.map((settlement) => (
            <Line
              key={settlement.recordId}
              icon={Users}
              tone="is-danger"
              records={1}
              {...waitingWords(settlement, reader)}
            />
          ))}
          {items.map((problem) => (
            <Line
              key={`${problem.state} ${problem.code} ${problem.productName} ${problem.dimension}`}
              {...(LOOKS[problem.state] ?? REFUSED)}
              records={problem.records}
              {...problemWords(problem, now)}
            />
          ))}
        </ul>
      )}
    </section>
  );
}

type LineProps = { icon: LucideIcon; tone: string; records: number } & ProblemWords;

function Line({ icon: Icon, tone, records, title, detail, button, href }: LineProps) {
  return (
    <li>
      <Icon className={`i ${tone}`} />
      <p>
        <b>{title}</b>
        <span>{detail}</span>
      </p>
      <span className="n">{countText(records, "record")}</span>
      <Link className="btn btn-second" href={href} prefetch={false}>
        {button}
        <span className="sr">: {title}</span>
      </Link>
    </li>
  );
}
