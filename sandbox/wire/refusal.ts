/**
 * AWS says no to a whole call. Nothing of it is recorded.
 * `rule` is the number of the rule that was broken, kept in the call log for people.
 */
export class Refusal extends Error {
  readonly code: string;
  readonly status: number;
  readonly rule: string;

  constructor(code: string, message: string, rule: string | number, status = 400) {
    super(message);
    this.name = "Refusal";
    this.code = code;
    this.status = status;
    this.rule = String(rule);
  }
}
