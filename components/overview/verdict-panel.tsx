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
        <p>
          <Detail verdict={verdict} />
        </p>
      </div>
      {children && <div className="v-acts">{children}</div>}
    </section>
  );
}

/** The sentence, with the time in it in bold. */
function Detail({ verdict: { detail, time } }: { verdict: Verdict }) {
  const at = time ? detail.indexOf(time) : -1;
  if (!time || at < 0) return detail;
  return (
    <>
      {detail.slice(0, at)}
      <b>{time}</b>
      {detail.slice(at + time.length)}
    </>
  );
}
