/** One rule that AWS keeps and the sandbox keeps with it. */
export type Rule = {
  number: number;
  words: string;
  /** Where AWS (or the field) says so. */
  source: string;
  /** True when no source says it: the sandbox takes it deliberately, and a switch or `codes` takes it otherwise. */
  isAssumed: boolean;
};

/** A rule that a source states. */
export const known = (number: number, words: string, source: string): Rule => ({
  number,
  words,
  source,
  isAssumed: false,
});

/** A rule that rests, wholly or in its error code, on an assumption. */
export const assumed = (number: number, words: string, source: string): Rule => ({
  number,
  words,
  source,
  isAssumed: true,
});
