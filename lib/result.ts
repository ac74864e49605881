/** An expected failure is a value with a closed set of reasons; surprises are thrown. */
export type Result<Value, Reason extends string> =
  | { ok: true; value: Value }
  | { ok: false; reason: Reason; message?: string };

export function ok<Value>(value: Value): { ok: true; value: Value } {
  return { ok: true, value };
}

export function failed<Reason extends string>(
  reason: Reason,
  message?: string,
): { ok: false; reason: Reason; message?: string } {
  return message === undefined ? { ok: false, reason } : { ok: false, reason, message };
}
