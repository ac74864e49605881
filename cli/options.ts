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
  arn?: string | undefined;
  "opted-in"?: boolean | undefined;
  preview?: boolean | undefined;
  json?: boolean | undefined;
  all?: boolean | undefined;
};

export type Verb = {
  takes: string;
  does: string;
  /** Whether it runs before the portal is prepared: it needs the database and nothing else. */
  early?: true;
  /** Answers the exit code. */
  run: (options: Options, words: string[]) => Promise<number>;
};

export const say = (line: string) => process.stdout.write(`${line}\n`);

/** Who the audit trail names. All operators are one person: a second one confirms on the portal's pages. */
export const ACTOR = "cli";

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
