import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
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
};

/** A sandbox on a free port with a state folder of its own, and the real SDK pointed at it. */
export async function openSandbox(environment: Record<string, string> = {}) {
  const dataDir = mkdtempSync(join(tmpdir(), "sandbox-test-"));
  const read = readSettings({ DATA_DIR: dataDir, ...environment });
  if (!read.ok) throw new Error(read.mistakes.join("\n"));
  const sandbox = await startSandbox({ ...read.settings, port: 0 });
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
    faults: async (faults: object) =>
      (await door("PUT", "/_sandbox/faults", faults)).json as Record<string, unknown>,
    /** Sets the sandbox's clock to this moment. */
    setClock,
    now: async () => Date.parse(((await door("GET", "/_sandbox/clock")).json as { now: string }).now),
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
      authorization:
        "AWS4-HMAC-SHA256 Credential=AKID/20261121/us-east-1/aws-marketplace/aws4_request, SignedHeaders=host, Signature=00",
      ...headers,
    },
  });
  const text = await response.text();
  return {
    status: response.status,
    headers: response.headers,
    text,
    json: text ? (JSON.parse(text) as Record<string, unknown>) : {},
  };
}
