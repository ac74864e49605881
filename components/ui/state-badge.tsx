import {
  CircleArrowUp,
  CircleCheck,
  CircleDashed,
  CircleMinus,
  CirclePause,
  CircleQuestionMark,
  Clock,
  Hourglass,
  type LucideIcon,
  OctagonX,
} from "lucide-react";
import { STATE_WORDS } from "#components/record-state.ts";
import type { RecordState } from "#lib/metering/shapes.ts";

/** Each silhouette differs without colour. */
export const STATE_ICONS: Record<RecordState, LucideIcon> = {
  open: CircleDashed,
  sealed: Clock,
  submitting: CircleArrowUp,
  accepted: CircleCheck,
  rejected: OctagonX,
  unconfirmed: CircleQuestionMark,
  held: CirclePause,
  expired: Hourglass,
  written_off: CircleMinus,
};

/** A record's state: icon, word, tint. */
export function StateBadge({ state, large = false }: { state: RecordState; large?: boolean }) {
  const { word, tone } = STATE_WORDS[state];
  const Icon = STATE_ICONS[state];
  return (
    <span className={`badge is-${tone} ${large ? "badge-lg" : ""}`}>
      <Icon className="i" />
      {word}
    </span>
  );
}
