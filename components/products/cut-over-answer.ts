/** What was typed, what is wrong with it, the effect once it is known, and what happened once it did. */
export type CutOverAnswer = {
  optedIn: boolean;
  /** By our id of the license. */
  arns: Record<string, string>;
  errors: { optedIn?: string; arns?: Record<string, string>; all?: string };
  /** The first hour in license style, and what follows in words; null before it was asked for. */
  preview: { from: string; effect: string; button: string } | null;
  done: string | null;
};
