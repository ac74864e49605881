import type { IncomingHttpHeaders } from "node:http";
import { Refusal } from "./refusal.ts";

/** The credential scope of Signature Version 4: key / day / region / service / aws4_request. */
const SCOPE = /Credential=([^/,\s]+)\/(\d{8})\/([a-z0-9-]+)\/([^/,\s]+)\/aws4_request/;

/**
 * Which region the caller signed for. The signature itself is not verified: any key pair will do on a laptop; what is
 * checked is what goes wrong in practice, a missing signature and the wrong service name.
 */
export function regionOfCaller(headers: IncomingHttpHeaders): string {
  const authorization = headers.authorization;
  if (!authorization) {
    throw new Refusal("MissingAuthenticationTokenException", "Missing Authentication Token", 3);
  }
  const scope = SCOPE.exec(authorization);
  if (!authorization.startsWith("AWS4-HMAC-SHA256") || !scope?.[3]) {
    throw new Refusal(
      "IncompleteSignatureException",
      "Authorization header requires 'Credential' parameter.",
      3,
    );
  }
  if (scope[4] !== "aws-marketplace") {
    throw new Refusal(
      "InvalidSignatureException",
      "Credential should be scoped to correct service: 'aws-marketplace'. ",
      3,
    );
  }
  return scope[3];
}
