import { createHash } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import { Refusal } from "./refusal.ts";

/** The credential scope of Signature Version 4: key / day / region / service / aws4_request. */
const SCOPE = /Credential=([^/,\s]+)\/(\d{8})\/([a-z0-9-]+)\/([^/,\s]+)\/aws4_request/;

/** Who signed a call. */
export type Caller = {
  region: string;
  /** An access key of twelve digits is a key of that account; every other key is the seller's. */
  accountId: string;
  /** Which machine of the account: its session token tells. For MeterUsage, which counts per instance. */
  instance: string;
};

/**
 * Who the caller is and which region it signed for. The signature itself is not verified: any key pair will do on a
 * laptop; what is checked is what goes wrong in practice, a missing signature and the wrong service name.
 */
export function callerOf(headers: IncomingHttpHeaders, service: string, sellerAccountId: string): Caller {
  const authorization = headers.authorization;
  if (!authorization) {
    throw new Refusal("MissingAuthenticationTokenException", "Missing Authentication Token", 3);
  }
  const scope = SCOPE.exec(authorization);
  if (!authorization.startsWith("AWS4-HMAC-SHA256") || !scope?.[1] || !scope[3]) {
    throw new Refusal(
      "IncompleteSignatureException",
      "Authorization header requires 'Credential' parameter.",
      3,
    );
  }
  if (scope[4] !== service) {
    throw new Refusal(
      "InvalidSignatureException",
      `Credential should be scoped to correct service: '${service}'. `,
      3,
    );
  }
  const key = scope[1];
  const session = String(headers["x-amz-security-token"] ?? key);
  return {
    region: scope[3],
    accountId: /^\d{12}$/.test(key) ? key : sellerAccountId,
    // Worked out by the few who ask.
    get instance() {
      return `i-${createHash("sha256").update(session).digest("hex").slice(0, 17)}`;
    },
  };
}
