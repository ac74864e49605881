import { CirclePause, CircleQuestionMark, type LucideIcon, OctagonX } from "lucide-react";
import Link from "next/link";
import { countText } from "#components/format/quantity.ts";
import type { ProblemView, RecordState } from "#lib/metering/shapes.ts";
import { problemWords } from "./problem-words.ts";

const LOOKS: Partial<Record<RecordState, { icon: LucideIcon; tone: string }>> = {
  held: { icon: CirclePause, tone: "is-hold" },
  unconfirmed: { icon: CircleQuestionMark, tone: "is-danger" },
};
const REFUSED = { icon: OctagonX, tone: "is-failed" };

/** What waits for a person, gathered by cause; each leads to its records. */
export function Problems({ items, total, now }: { items: ProblemView[]; total: number; now: string }) {
  return (
    <section className="panel" id="problems">
      <div className="panel-head">
        <h2>Problems</h2>
        <span className="count">{total === 0 ? "none open" : `${total} open`}</span>
      </div>
      {items.length === 0 ? (
        <p className="panel-empty">
          Nothing waits for a person. What AWS refuses, and what is on hold, gathers here by cause, with its
          records.
        </p>
      ) : (
        <ul className="problems">
          {items.map((problem) => {
            const { title, detail, button, href } = problemWords(problem, now);
            const { icon: Icon, tone } = LOOKS[problem.state] ?? REFUSED;
            return (
              <li key={`${problem.state} ${problem.code} ${problem.productName} ${problem.dimension}`}>
                <Icon className={`i ${tone}`} />
                <p>
                  <b>{title}</b>
                  <span>{detail}</span>
                </p>
                <span className="n">{countText(problem.records, "record")}</span>
                <Link className="btn btn-second" href={href} prefetch={false}>
                  {button}
                  <span className="sr">: {title}</span>
                </Link>
              </li>
            );
          })}
        </ul>
      )}
    </section>
  );
}
