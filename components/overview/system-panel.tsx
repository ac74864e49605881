import { Check, TriangleAlert } from "lucide-react";
import { clockText } from "#components/format/moment.ts";
import { type SystemFacts, systemLines } from "./system-lines.ts";

/** Whether the parts that move money run. A plain tick, no colour: health is not an outcome. */
export function SystemPanel({ facts, children }: { facts: SystemFacts; children: React.ReactNode }) {
  return (
    <section className="panel" id="system">
      <div className="panel-head">
        <h2>System</h2>
        <span className="count">checked at {clockText(facts.overview.now)} UTC</span>
      </div>
      <ul className="lines">
        {systemLines(facts).map(({ name, well, words, figure }) => (
          <li key={name}>
            {well ? <Check className="i" /> : <TriangleAlert className="i warns" />}
            <span className="hn">{name}</span>
            <span className="trunc muted" title={words}>
              {words}
            </span>
            {figure && <span className="bs faint">{figure}</span>}
          </li>
        ))}
      </ul>
      {children}
    </section>
  );
}
