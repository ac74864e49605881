import { randomUUID } from "node:crypto";

const KEPT = 50;

export type Notices = {
  /** Leaves a sentence for the next page and returns the name it is found by. */
  leave(sentence: string): string;
  read(name: string | undefined): string | undefined;
};

/** Sentences that survive a redirect. They stay here, so that no link can put words into the market's mouth. */
export function makeNotices(): Notices {
  const sentences = new Map<string, string>();
  return {
    leave: (sentence) => {
      const name = randomUUID().slice(0, 8);
      sentences.set(name, sentence);
      const oldest = sentences.keys().next().value;
      if (sentences.size > KEPT && oldest !== undefined) sentences.delete(oldest);
      return name;
    },
    read: (name) => (name === undefined ? undefined : sentences.get(name)),
  };
}
