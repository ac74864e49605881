import { MarketplaceEntitlementServiceClient } from "@aws-sdk/client-marketplace-entitlement-service";
import { MarketplaceMeteringClient } from "@aws-sdk/client-marketplace-metering";
import { SQSClient } from "@aws-sdk/client-sqs";
import { endpointFor, env } from "../env.ts";

/** AWS is asked once per call: retries are ours, because a retry we do not see is an attempt we do not record (M3). */
const MAX_ATTEMPTS = 1;
const CONNECT_MS = 3_000;
/** Longer than AWS takes, shorter than the lease of a submission. */
const ANSWER_MS = 20_000;
const POLL_ANSWER_MS = 40_000;

/** What every call is sent with. The time-out of the request handler ends with AWS's first byte; this one with the last. */
export function withinTime(): { abortSignal: AbortSignal } {
  return { abortSignal: AbortSignal.timeout(ANSWER_MS) };
}

/** GetEntitlements is answered in these regions only, one per partition. */
function entitlementRegion(region: string): string {
  return region.startsWith("cn-") ? "cn-northwest-1" : "us-east-1";
}

type Clients = {
  metering: Map<string, MarketplaceMeteringClient>;
  entitlement?: MarketplaceEntitlementServiceClient;
  queue?: SQSClient;
};
type Holder = { portalAwsClients?: Clients };

function clients(): Clients {
  const holder = globalThis as Holder;
  holder.portalAwsClients ??= { metering: new Map() };
  return holder.portalAwsClients;
}

function settings(service: Parameters<typeof endpointFor>[0], answerMs = ANSWER_MS) {
  const current = env();
  const endpoint = endpointFor(service, current);
  return {
    maxAttempts: MAX_ATTEMPTS,
    requestHandler: { connectionTimeout: CONNECT_MS, requestTimeout: answerMs, throwOnRequestTimeout: true },
    ...(endpoint ? { endpoint } : {}),
    // The stand-in checks that requests are signed, not by whom; a sandbox must not need an AWS account.
    ...(current.PORTAL_MODE === "sandbox"
      ? { credentials: { accessKeyId: "SANDBOX", secretAccessKey: "sandbox" } }
      : {}),
  };
}

export function meteringClient(region: string): MarketplaceMeteringClient {
  const { metering } = clients();
  let client = metering.get(region);
  if (!client) {
    client = new MarketplaceMeteringClient({ ...settings("MARKETPLACE_METERING"), region });
    metering.set(region, client);
  }
  return client;
}

/** The account of the credentials that calls are signed with, where their provider says it. Throws when there are none. */
export async function credentialsAccount(): Promise<string | undefined> {
  return (await meteringClient(env().AWS_REGION).config.credentials()).accountId;
}

export function entitlementClient(): MarketplaceEntitlementServiceClient {
  const held = clients();
  held.entitlement ??= new MarketplaceEntitlementServiceClient({
    ...settings("MARKETPLACE_ENTITLEMENT_SERVICE"),
    region: entitlementRegion(env().AWS_REGION),
  });
  return held.entitlement;
}

/** A queue lies in one region, named in its address. A long poll is answered later than anything else. */
export function queueClient(region: string | null): SQSClient {
  const held = clients();
  held.queue ??= new SQSClient({ ...settings("SQS", POLL_ANSWER_MS), region: region ?? env().AWS_REGION });
  return held.queue;
}
