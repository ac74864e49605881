import { between, DANGER_MS, durationText, usedPercent } from "#components/format/duration.ts";

/** How long something can still be saved: words, then a bar that fills; amber under two hours. Past its safe time a record is still tried, until its last call. */
export function TimeLeft({ from, until, now }: { from: string; until: string; now: string }) {
  const left = between(now, until);
  if (left <= 0) return <b className="left-over is-danger">last tries</b>;
  return (
    <span className={`left ${left < DANGER_MS ? "is-danger" : ""}`}>
      <b>{durationText(left)}</b>
      <i style={{ "--used": `${usedPercent(from, until, now)}%` }} />
    </span>
  );
}
