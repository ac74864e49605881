/** Something the operator can mend: printed without a stack. */
export class CliProblem extends Error {}

export type Options = {
  email?: string | undefined;
  password?: string | undefined;
  name?: string | undefined;
  scopes?: string | undefined;
  to?: string | undefined;
  reason?: string | undefined;
  product?: string | undefined;
  dimension?: string | undefined;
  units?: string | undefined;
  code?: string | undefined;
  receipt?: string | undefined;
  month?: string | undefined;
  buyer?: string | undefined;
  from?: string | undefined;
  arn?: string | undefined;
  at?: string | undefined;
  "opted-in"?: boolean | undefined;
  preview?: boolean | undefined;
  json?: boolean | undefined;
  all?: boolean | undefined;
};

export type Verb = {
  takes: string;
  does: string;
  /** The options it knows, and how many words follow its name. It is not carried out with any other. */
  options: readonly (keyof Options)[];
  words: number;
  /** Whether it runs before the portal is prepared: it needs the database and nothing else. */
  early?: true;
  /** Answers the exit code. */
  run: (options: Options, words: string[]) => Promise<number>;
};

export const say = (line: string) => process.stdout.write(`${line}\n`);

/** Who the audit trail names. Nobody knows who types here: what takes a second person is confirmed on the portal's pages. */
export const ACTOR = "cli";

/** An option or a word that a verb does not know changes nothing silently: who gave it meant something by it. */
export function refuseOthers(name: string, verb: Verb, given: Options, words: string[]): void {
  const known = new Set<string>(verb.options);
  const options = Object.keys(given).filter((option) => !known.has(option));
  const others = [...words.slice(verb.words), ...options.map((option) => `--${option}`)];
  if (others.length > 0)
    throw new CliProblem(
      `Nothing was done: ${name} does not take ${others.join(" ")}. Say npm run portal -- ${`${name} ${verb.takes}`.trim()}`,
    );
}

/** An option that the verb cannot do without. */
export function must(value: string | undefined, name: string, why: string): string {
  if (!value) throw new CliProblem(`Give --${name}: ${why}`);
  return value;
}

/** The first moment of a month written as 2026-11. */
export function monthOf(word: string | undefined, otherwise: string): Date {
  if (!/^20\d{2}-(0[1-9]|1[0-2])$/.test(word ?? "")) throw new CliProblem(otherwise);
  return new Date(`${word}-01T00:00:00Z`);
}
