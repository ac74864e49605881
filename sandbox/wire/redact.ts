const FIELD = "RegistrationToken";

/** A request's body as it may be kept: registration tokens are taken out, everything else stays byte for byte. */
export function withoutTokens(operation: string, body: string): string {
  if (operation !== "ResolveCustomer" && !body.includes(FIELD)) return body;
  try {
    const parsed: unknown = JSON.parse(body);
    if (typeof parsed !== "object" || parsed === null || Array.isArray(parsed)) return withheld(body);
    return JSON.stringify(
      Object.fromEntries(Object.keys(parsed).map((key) => [key, key === FIELD ? "(not kept)" : "(…)"])),
    );
  } catch {
    return withheld(body);
  }
}

/** An answer as it may be kept: one operation of the buyer's hands out registration tokens. */
export function answerWithoutTokens(operation: string, body: string): string {
  if (operation !== "GetAgreementEntitlements") return body;
  return JSON.stringify(JSON.parse(body), (key, value: unknown) =>
    key === "registrationToken" ? "(not kept)" : value,
  );
}

function withheld(body: string): string {
  return `(${Buffer.byteLength(body)} bytes that may hold a registration token: not kept)`;
}
