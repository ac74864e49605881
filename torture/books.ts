/** A usage event as a product sends it. */
export type UsageEvent = {
  id: string;
  source?: string;
  licenseArn: string;
  dimension: string;
  quantity: string;
  occurredAt?: string;
  tags?: Record<string, string>;
};

export type Answer = {
  accepted: number;
  duplicates: number;
  rejected: { index: number; id: string | null; code: string }[];
};

type Entry = { event: UsageEvent; state: "sent" | "accepted" | "refused"; code: string | null };

const SCALE = 12;

/** A decimal as whole trillionths. */
export function units(quantity: string): bigint {
  const [whole = "0", fraction = ""] = quantity.split(".");
  return BigInt(whole + fraction.padEnd(SCALE, "0").slice(0, SCALE));
}

export const seriesOf = (event: { licenseArn: string; dimension: string }) =>
  `${event.licenseArn} ${event.dimension}`;

/** The torture's own books: what every event was answered, kept by nobody else. */
export function openBooks() {
  const entries = new Map<string, Entry>();
  return {
    /** Enters events before they are sent. */
    send: (events: UsageEvent[]) => {
      for (const event of events)
        if (!entries.has(event.id)) entries.set(event.id, { event, state: "sent", code: null });
    },
    /** Enters an answer. One that says an accepted event is not, or not a duplicate, is a problem. */
    settle: (events: UsageEvent[], answer: Answer): string[] => {
      const problems: string[] = [];
      const refused = new Map(answer.rejected.map(({ index, code }) => [index, code]));
      if (answer.accepted + answer.duplicates + refused.size !== events.length)
        problems.push(`an answer to ${events.length} events tells of ${JSON.stringify(answer)}`);
      for (const [index, event] of events.entries()) {
        const entry = entries.get(event.id);
        if (!entry) continue;
        const code = refused.get(index);
        if (code === undefined) {
          if (entry.state === "refused")
            problems.push(`${event.id} was refused as ${entry.code}, then accepted`);
          entry.state = "accepted";
        } else if (entry.state === "accepted") {
          problems.push(`${event.id} was accepted, then refused as ${code}`);
        } else Object.assign(entry, { state: "refused", code });
      }
      return problems;
    },
    accepted: () =>
      [...entries.values()].filter(({ state }) => state === "accepted").map(({ event }) => event),
    /** Forgets, and answers, every event that is not among these: the database was restored to a moment before it. */
    keepOnly: (ids: ReadonlySet<string>) => {
      const forgotten = [...entries.values()].map(({ event }) => event).filter(({ id }) => !ids.has(id));
      for (const { id } of forgotten) entries.delete(id);
      return forgotten;
    },
  };
}
export type Books = ReturnType<typeof openBooks>;
