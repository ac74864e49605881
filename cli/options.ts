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
