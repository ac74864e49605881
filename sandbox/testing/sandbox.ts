import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import {
  GetEntitlementsCommand,
  type GetEntitlementsCommandInput,
  MarketplaceEntitlementServiceClient,
} from "@aws-sdk/client-marketplace-entitlement-service";
import {
  BatchMeterUsageCommand,
  MarketplaceMeteringClient,
  ResolveCustomerCommand,
  type UsageRecord,
} from "@aws-sdk/client-marketplace-metering";
import { readSettings } from "../env.ts";
import { startSandbox } from "../server.ts";

/** Where every test's clock starts: the middle of an hour, a day and a month, so that no real midnight disturbs it. */
export const NOON = Date.UTC(2027, 0, 15, 12, 30);

const CREDENTIALS = { accessKeyId: "AKIDSANDBOX", secretAccessKey: "not-a-secret" };

export type Purchased = {
  registrationToken: string;
  licenseArn: string;
  customerAwsAccountId: string;
  productCode: string;
  agreementId: string;
  customerIdentifier?: string;
};

/** A sandbox on a free port with a state folder of its own, and the real SDK pointed at it. */
export async function openSandbox(environment: Record<string, string> = {}) {
  const dataDir = mkdtempSync(join(tmpdir(), "sandbox-test-"));
  const read = readSettings({ DATA_DIR: dataDir, ...environment });
  if (!read.ok) throw new Error(read.mistakes.join("\n"));
  const sandbox = await startSandbox({ ...read.settings, port: 0 }, { isDurable: false });
  const clients = sdkClients(sandbox.url);

  const door = async (method: string, path: string, body?: object, headers: Record<string, string> = {}) => {
    const response = await fetch(`http://127.0.0.1:${sandbox.port}${path}`, {
      method,
      ...(body ? { body: JSON.stringify(body) } : {}),
      headers: { ...(body ? { "content-type": "application/json" } : {}), ...headers },
    });
    return { status: response.status, json: (await response.json()) as never };
  };

  const setClock = async (moment: number) => {
    await door("PUT", "/_sandbox/clock", { offsetMs: moment - Date.now() });
  };
  await setClock(NOON);

  return {
    ...sandbox,
    ...clients,
    door,
    subscribe: async (wishes: object = {}): Promise<Purchased> =>
      (await door("POST", "/_sandbox/subscribe", wishes)).json,
    ledger: async (): Promise<{ items: Record<string, unknown>[] }> =>
      (await door("GET", "/_sandbox/ledger")).json,
    calls: async (operation = ""): Promise<{ items: Record<string, string>[] }> =>
      (await door("GET", `/_sandbox/calls${operation && `?operation=${operation}`}`)).json,
    /** AWS does not know a dimension any more. What is written past the sandbox it sees after a call that it refuses. */
    forgets: async (productCode: string, dimension: string) => {
      const file = new DatabaseSync(join(dataDir, "sandbox", "state.sqlite"));
      file.prepare("DELETE FROM dimensions WHERE product_code = ? AND key = ?").run(productCode, dimension);
      file.close();
      const refused = { CustomerAWSAccountId: "000000000000", Dimension: "none", Timestamp: new Date(NOON) };
      await refusalOf(clients.batch([refused], "nobody"));
    },
    faults: async (faults: object) =>
      (await door("PUT", "/_sandbox/faults", faults)).json as Record<string, unknown>,
    /** Sets the sandbox's clock to this moment. */
    setClock,
    now: async () => Date.parse(((await door("GET", "/_sandbox/clock")).json as { now: string }).now),
    switches: async (switches: object) =>
      (await door("PUT", "/_sandbox/switches", switches)).json as Record<string, unknown>,
    /** Lets the sandbox's clock go by. */
    passes: async (ms: number) => {
      const { offsetMs } = (await door("GET", "/_sandbox/clock")).json as { offsetMs: number };
      await door("PUT", "/_sandbox/clock", { offsetMs: offsetMs + ms });
    },
    /** Something happens to an agreement. */
    change: async (agreementId: string, verb: string, wishes: object = {}) =>
      (await door("POST", `/_sandbox/agreements/${agreementId}/${verb}`, wishes)) as {
        status: number;
        json: Record<string, unknown>;
      },
    agreements: async (): Promise<{ items: Record<string, unknown>[] }> =>
      (await door("GET", "/_sandbox/agreements")).json,
    /** What AWS has told so far, oldest first. */
    events: async (channel: "eventbridge" | "sns" = "eventbridge"): Promise<ToldEvent[]> =>
      (
        (await door("GET", `/_sandbox/events?channel=${channel}`)).json as { items: ToldEvent[] }
      ).items.reverse(),
    /** One call of the wire by its operation's name, as any client would send it. */
    call: (operation: string, body: unknown, caller: Caller = {}) => {
      const { target, contentType, service } = homeOf(operation);
      return rawCall(
        sandbox.port,
        `${target}.${operation}`,
        typeof body === "string" ? body : JSON.stringify(body),
        {
          "content-type": contentType,
          authorization: signedAs({ service, ...caller }),
          ...caller.headers,
        },
      );
    },
    /** Sends raw bytes to the wire, signed by name only. */
    wire: (target: string, body: string, headers: Record<string, string> = {}) =>
      rawCall(sandbox.port, target, body, headers),
    close: async () => {
      await sandbox.stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
    dataDir,
  };
}

export type ToldEvent = {
  id: string;
  detailType: string;
  channel: string;
  state: string;
  attempts: number;
  envelope: Record<string, unknown> & { detail: Record<string, Record<string, unknown>> };
};

/** Who calls: an account (the seller when absent), for a region. */
export type Caller = {
  account?: string;
  region?: string;
  service?: string;
  headers?: Record<string, string>;
};

/** A signature's header; only its credential scope means anything here. */
export function signedAs({
  account = "AKID",
  region = "us-east-1",
  service = "aws-marketplace",
}: Caller): string {
  return `AWS4-HMAC-SHA256 Credential=${account}/20261121/${region}/${service}/aws4_request, SignedHeaders=host, Signature=00`;
}

function homeOf(operation: string): { target: string; contentType: string; service: string } {
  const [first, zero] = ["application/x-amz-json-1.1", "application/x-amz-json-1.0"];
  const service = "aws-marketplace";
  if (operation === "GetEntitlements")
    return { target: "AWSMPEntitlementService", contentType: first, service };
  if (/Agreement/.test(operation))
    return { target: "AWSMPCommerceService_v20200301", contentType: zero, service };
  if (/Message|Queue/.test(operation)) return { target: "AmazonSQS", contentType: zero, service: "sqs" };
  return { target: "AWSMPMeteringService", contentType: first, service };
}

export type OpenSandbox = Awaited<ReturnType<typeof openSandbox>>;

/** The real clients, without retries: a test sees each answer. */
export function sdkClients(endpoint: string, region = "us-east-1") {
  const options = { endpoint, region, credentials: CREDENTIALS, maxAttempts: 1 };
  const metering = new MarketplaceMeteringClient(options);
  const entitlement = new MarketplaceEntitlementServiceClient(options);
  return {
    resolve: (RegistrationToken: string) => metering.send(new ResolveCustomerCommand({ RegistrationToken })),
    batch: (UsageRecords: UsageRecord[], ProductCode?: string) =>
      metering.send(
        new BatchMeterUsageCommand(ProductCode ? { UsageRecords, ProductCode } : { UsageRecords }),
      ),
    entitlements: (input: GetEntitlementsCommandInput) => entitlement.send(new GetEntitlementsCommand(input)),
  };
}

/** A usage record as it goes over the wire: its moment is a number of seconds. */
export function wireRecord(purchase: Purchased, wishes: object = {}): Record<string, unknown> {
  return {
    CustomerAWSAccountId: purchase.customerAwsAccountId,
    LicenseArn: purchase.licenseArn,
    Dimension: "gb_indexed",
    Timestamp: NOON / 1_000,
    Quantity: 12,
    ...wishes,
  };
}

/** One usage record of this purchase; the rest is what a test wants to say. */
export function usageOf(purchase: Purchased, wishes: Partial<UsageRecord> = {}): UsageRecord {
  return {
    CustomerAWSAccountId: purchase.customerAwsAccountId,
    LicenseArn: purchase.licenseArn,
    Dimension: "gb_indexed",
    Timestamp: new Date(NOON),
    Quantity: 12,
    ...wishes,
  };
}

/** What went wrong with a call, as the SDK names it. */
export async function refusalOf(call: Promise<unknown>): Promise<string> {
  try {
    await call;
    return "nothing went wrong";
  } catch (error) {
    return error instanceof Error ? error.name : String(error);
  }
}

async function rawCall(port: number, target: string, body: string, headers: Record<string, string>) {
  const response = await fetch(`http://127.0.0.1:${port}/`, {
    method: "POST",
    body,
    headers: {
      "content-type": "application/x-amz-json-1.1",
      "x-amz-target": target,
      authorization: signedAs({}),
      ...headers,
    },
  });
  const text = await response.text();
  return {
    status: response.status,
    headers: response.headers,
    text,
    json: text.startsWith("{") ? (JSON.parse(text) as Record<string, never>) : {},
    error: text.startsWith("{") ? String((JSON.parse(text) as { __type?: string }).__type ?? "") : text,
  };
}
