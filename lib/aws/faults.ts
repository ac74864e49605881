/**
 * What a failed AWS call means for us. AWS's names are translated here and nowhere else.
 * - `refused`: AWS read the request and said no; nothing of it was recorded.
 * - `throttled`: AWS did not read it.
 * - `set_up_fault`: credentials, permissions or region; blames no record.
 * - `unknown`: no answer that proves anything: AWS may have acted.
 */
export type AwsFault = {
  kind: "refused" | "throttled" | "set_up_fault" | "unknown";
  code: string;
  message: string;
  awsRequestId: string | null;
};

/** Answers that name something in the request (API reference, BatchMeterUsage and ResolveCustomer: HTTP 400). */
const REFUSALS = new Set([
  "TimestampOutOfBoundsException",
  "InvalidUsageDimensionException",
  "InvalidLicenseException",
  "InvalidCustomerIdentifierException",
  "InvalidProductCodeException",
  "InvalidTagException",
  "TooManyTagsException",
  "InvalidUsageAllocationsException",
  "InvalidParameterException",
  "InvalidTokenException",
  "ExpiredTokenException",
  "ValidationException",
  "SerializationException",
]);

/** Names that concern the account, the role, the clock or the region. */
const SET_UP = new Set([
  "AccessDeniedException",
  "UnauthorizedException",
  "UnrecognizedClientException",
  "InvalidSignatureException",
  "InvalidClientTokenId",
  "SignatureDoesNotMatch",
  "MissingAuthenticationTokenException",
  "IncompleteSignature",
  "OptInRequired",
  "DisabledApiException",
  "UnknownOperationException",
  "CredentialsProviderError",
]);

const THROTTLES = new Set([
  "ThrottlingException",
  "Throttling",
  "TooManyRequestsException",
  "RequestLimitExceeded",
]);

/** Translates whatever the SDK threw. Total: everything unheard of is `unknown`. */
export function readFault(error: unknown): AwsFault {
  const { name, message, requestId, status } = partsOf(error);
  const fault = (kind: AwsFault["kind"]): AwsFault => ({
    kind,
    code: name,
    message,
    awsRequestId: requestId,
  });
  // AWS uses the same name for a registration token and for our own session credentials that ran out.
  if (name === "ExpiredTokenException" && /security token/i.test(message)) return fault("set_up_fault");
  if (SET_UP.has(name)) return fault("set_up_fault");
  if (status !== null && status >= 500) return fault("unknown");
  if (THROTTLES.has(name)) return fault("throttled");
  if (REFUSALS.has(name)) return fault("refused");
  return fault("unknown");
}

function partsOf(error: unknown): {
  name: string;
  message: string;
  requestId: string | null;
  status: number | null;
} {
  if (!(error instanceof Error))
    return { name: "UnknownError", message: String(error), requestId: null, status: null };
  const metadata = "$metadata" in error ? error.$metadata : null;
  const read = (key: string): unknown =>
    typeof metadata === "object" && metadata !== null ? Reflect.get(metadata, key) : undefined;
  const requestId = read("requestId");
  const status = read("httpStatusCode");
  return {
    name: error.name,
    message: error.message.slice(0, 1_000),
    requestId: typeof requestId === "string" ? requestId : null,
    status: typeof status === "number" ? status : null,
  };
}
