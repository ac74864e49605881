/**
 * AWS says no to a whole call. Nothing of it is recorded.
 * `rule` is the number of the rule that was broken, kept in the call log for people.
 */
export class Refusal extends Error {
  readonly code: string;
  readonly status: number;
  readonly rule: string;
  /** Further members of the error's body. */
  readonly members: object;
  /** What is done although the call was refused, once everything it did was undone. */
  readonly afterwards: (() => void) | undefined;

  constructor(
    code: string,
    message: string,
    rule: string | number,
    status = 400,
    { members = {}, afterwards }: { members?: object; afterwards?: () => void } = {},
  ) {
    super(message);
    this.name = "Refusal";
    this.code = code;
    this.status = status;
    this.rule = String(rule);
    this.members = members;
    this.afterwards = afterwards;
  }
}
