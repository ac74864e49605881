import { CircleCheck, CirclePause, TriangleAlert } from "lucide-react";
import type { Verdict } from "./verdict.ts";

const ICONS = { billed: CircleCheck, danger: TriangleAlert, hold: CirclePause };

/** The page's first sentence: is money safe? */
export function VerdictPanel({ verdict, children }: { verdict: Verdict; children?: React.ReactNode }) {
  const Icon = ICONS[verdict.tone];
  return (
    <section className={`verdict is-${verdict.tone}`}>
      <span className="v-icon">
        <Icon className="i" />
      </span>
      <div>
        <h1>{verdict.title}</h1>
        <p>{verdict.detail}</p>
      </div>
      {children && <div className="v-acts">{children}</div>}
    </section>
  );
}
