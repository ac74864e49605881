import * as entitlements from "@aws-sdk/client-marketplace-entitlement-service";
import * as metering from "@aws-sdk/client-marketplace-metering";
import { expect, test } from "vitest";
import { type AwsFault, readFault } from "./faults.ts";

/** Every error the two services' models know, and what it means for a call of ours. */
const MEANS: Record<string, AwsFault["kind"]> = {
  DisabledApiException: "set_up_fault",
  ExpiredTokenException: "refused",
  InternalServiceErrorException: "unknown",
  InvalidCustomerIdentifierException: "refused",
  InvalidLicenseException: "refused",
  InvalidParameterException: "refused",
  InvalidProductCodeException: "refused",
  InvalidTagException: "refused",
  InvalidTokenException: "refused",
  InvalidUsageAllocationsException: "refused",
  InvalidUsageDimensionException: "refused",
  ThrottlingException: "throttled",
  TimestampOutOfBoundsException: "refused",
};
/** Errors of MeterUsage and RegisterUsage, which the portal never calls: they prove nothing here. */
const NOT_OURS = [
  "CustomerNotEntitledException",
  "DuplicateRequestException",
  "IdempotencyConflictException",
  "InvalidEndpointRegionException",
  "InvalidPublicKeyVersionException",
  "InvalidRegionException",
  "PlatformNotSupportedException",
];
const modelled = Object.entries({ ...entitlements, ...metering }).flatMap(([name, made]) =>
  typeof made === "function" && /(?<!Service)Exception$/.test(name) ? [{ name, made }] : [],
);

test("the SDK models no error that is not listed here", () => {
  expect(modelled.map(({ name }) => name).sort()).toEqual([...Object.keys(MEANS), ...NOT_OURS].sort());
});

test.each(modelled)("$name of the SDK is read as what it means", ({ name, made }) => {
  const httpStatusCode = name === "InternalServiceErrorException" ? 500 : 400;
  const error: unknown = Reflect.construct(made, [
    { message: "words", $metadata: { httpStatusCode, requestId: "id" } },
  ]);
  expect(readFault(error)).toEqual({
    kind: MEANS[name] ?? "unknown",
    code: name,
    message: "words",
    awsRequestId: "id",
  });
});

test.each([
  ["AccessDeniedException", 400],
  ["UnrecognizedClientException", 400],
  ["InvalidSignatureException", 403],
  ["CredentialsProviderError", undefined],
])("%s concerns our set-up and blames no record", (name, httpStatusCode) => {
  expect(readFault(awsError(name, { httpStatusCode })).kind).toBe("set_up_fault");
});

test("session credentials that ran out are our set-up, not an expired registration token", () => {
  const expired = (message: string) =>
    readFault(awsError("ExpiredTokenException", { httpStatusCode: 400 }, message)).kind;
  expect(expired("The security token included in the request is expired")).toBe("set_up_fault");
  expect(expired("The registration token has expired")).toBe("refused");
});

test.each([
  ["an HTML page", new SyntaxError("Unexpected token '<'")],
  ["a refused connection", Object.assign(new Error("connect ECONNREFUSED"), { code: "ECONNREFUSED" })],
  ["a reset connection", Object.assign(new Error("socket hang up"), { code: "ECONNRESET" })],
  ["a time-out", awsError("TimeoutError", {})],
  ["an aborted request", new DOMException("aborted", "AbortError")],
  ["a name nobody knows", awsError("BrandNewException", { httpStatusCode: 400 })],
  ["a refusal's name with a server's status", awsError("InvalidTagException", { httpStatusCode: 503 })],
  ["a string", "no"],
  ["nothing", undefined],
  ["null", null],
  ["an object", { name: "ThrottlingException" }],
])("%s proves nothing: AWS may have acted", (_what, error) => {
  expect(readFault(error)).toMatchObject({ kind: "unknown" });
});

test("long words of AWS are cut", () => {
  expect(
    readFault(awsError("InvalidTagException", { httpStatusCode: 400 }, "x".repeat(5_000))).message,
  ).toHaveLength(1_000);
});

function awsError(
  name: string,
  $metadata: { httpStatusCode?: number | undefined },
  message = "words",
): Error {
  return Object.assign(new Error(message), { name, $metadata });
}
