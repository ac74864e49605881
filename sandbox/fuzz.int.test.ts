import { Agent, request } from "node:http";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Draw, drawFrom, garble, mutate, pick } from "./testing/mutate.ts";
import { type OpenSandbox, openSandbox, type Purchased, signedAs, wireRecord } from "./testing/sandbox.ts";

const REQUESTS = 10_000;
const AT_ONCE = 16;
const QUIET = {
  throttle: 0,
  error500: 0,
  html503: 0,
  truncated: 0,
  dropBefore: 0,
  dropAfter: 0,
  latencyMs: 0,
  operations: {},
};

const seed = Number(process.env.FUZZ_SEED ?? Math.floor(Math.random() * 1e9));
const agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE });

let sandbox: OpenSandbox;
let bought: Purchased;
beforeAll(async () => {
  sandbox = await openSandbox();
  bought = await sandbox.subscribe();
});
afterAll(async () => {
  agent.destroy();
  await sandbox.close();
});

test(`nothing that is sent makes the sandbox fail (FUZZ_SEED=${seed})`, async () => {
  console.log(`FUZZ_SEED=${seed}`);
  const draw = drawFrom(seed);
  const failed: string[] = [];
  const answers = new Map<number, number>();
  const wire = Math.floor(REQUESTS * 0.8);
  for (let sent = 0; sent < wire; sent += AT_ONCE) {
    await Promise.all(
      Array.from({ length: AT_ONCE }, async () => {
        const call = strangeCall(draw);
        const answer = await send("POST", "/", call.headers, call.body);
        answers.set(answer.status, (answers.get(answer.status) ?? 0) + 1);
        const isAws = answer.text === "" || answer.text.startsWith("{");
        if (answer.status >= 500 || answer.status < 200 || !isAws)
          failed.push(`${answer.status} ${JSON.stringify(call)}`);
      }),
    );
  }
  for (let sent = wire; sent < REQUESTS; sent += 1) {
    const { method, path, body, headers } = strangeDoor(draw);
    const answer = await send(method, path, headers, body);
    if (answer.status >= 500 || answer.status < 200)
      failed.push(`${answer.status} ${method} ${path} ${body}`);
    if (/state|restore/.test(path)) {
      for (const page of [
        "/",
        "/agreements",
        "/events",
        "/ledger",
        "/_sandbox/agreements",
        "/_sandbox/events",
        "/_sandbox/moments",
      ]) {
        const after = await send("GET", page, {}, "");
        if (after.status >= 500) failed.push(`${after.status} ${page} after ${body}`);
      }
      await sandbox.door("POST", "/_sandbox/reset", { portal: false });
      bought = await sandbox.subscribe();
    }
    // What was changed must not disturb what follows.
    if (path.includes("/faults")) await sandbox.faults(QUIET);
    if (path.includes("/switches")) await sandbox.door("DELETE", "/_sandbox/switches", {});
  }
  expect(failed.slice(0, 5)).toEqual([]);
  // Both kinds were met: requests that were only odd, and requests that were wrong.
  expect(answers.get(200)).toBeGreaterThan(wire / 20);
  expect(answers.get(400)).toBeGreaterThan(wire / 4);
  await sandbox.door("POST", "/_sandbox/reset", { portal: false });
  const again = await sandbox.subscribe();
  expect((await sandbox.resolve(again.registrationToken)).LicenseArn).toBe(again.licenseArn);
}, 120_000);

/** A call of any operation, right in its bones and wrong somewhere. */
function strangeCall(draw: Draw): { headers: Record<string, string>; body: string } {
  const { agreementId, productCode, registrationToken } = bought;
  const QueueUrl = `${sandbox.url}/719384206615/marketplace-events`;
  const allocations = [{ AllocatedUsageQuantity: 12, Tags: [{ Key: "a", Value: "b" }] }];
  const [target, bones] = pick<[string, object]>(draw, [
    [
      "AWSMPMeteringService.BatchMeterUsage",
      { UsageRecords: [wireRecord(bought), wireRecord(bought, { UsageAllocations: allocations })] },
    ],
    [
      "AWSMPMeteringService.BatchMeterUsage",
      { ProductCode: productCode, UsageRecords: [wireRecord(bought, { CustomerIdentifier: "x" })] },
    ],
    ["AWSMPMeteringService.ResolveCustomer", { RegistrationToken: registrationToken }],
    [
      "AWSMPMeteringService.MeterUsage",
      {
        ProductCode: productCode,
        Timestamp: 1,
        UsageDimension: "gb_indexed",
        UsageQuantity: 1,
        DryRun: false,
        ClientToken: "t",
        UsageAllocations: allocations,
      },
    ],
    ["AWSMPMeteringService.RegisterUsage", { ProductCode: productCode, PublicKeyVersion: 1, Nonce: "n" }],
    [
      "AWSMPEntitlementService.GetEntitlements",
      { ProductCode: productCode, MaxResults: 5, NextToken: "x", Filter: { DIMENSION: ["seats"] } },
    ],
    ["AWSMPCommerceService_v20200301.DescribeAgreement", { agreementId }],
    [
      "AWSMPCommerceService_v20200301.GetAgreementTerms",
      { agreementId, maxResults: 2, nextToken: "terms-1" },
    ],
    ["AWSMPCommerceService_v20200301.GetAgreementEntitlements", { agreementId }],
    [
      "AWSMPCommerceService_v20200301.SearchAgreements",
      {
        filters: [
          { name: "AgreementType", values: ["PurchaseAgreement"] },
          { name: "PartyType", values: ["Proposer"] },
          { name: "BeforeEndTime", values: ["2027-01-01"] },
        ],
        sort: { sortBy: "EndTime", sortOrder: "ASCENDING" },
        maxResults: 3,
      },
    ],
    ["AmazonSQS.ReceiveMessage", { QueueUrl, MaxNumberOfMessages: 3, VisibilityTimeout: 0 }],
    ["AmazonSQS.DeleteMessageBatch", { QueueUrl, Entries: [{ Id: "a", ReceiptHandle: "b" }] }],
    ["AmazonSQS.ChangeMessageVisibility", { QueueUrl, ReceiptHandle: "b", VisibilityTimeout: 3 }],
    ["AmazonSQS.GetQueueAttributes", { QueueUrl, AttributeNames: ["All"] }],
    ["AmazonSQS.GetQueueUrl", { QueueName: "marketplace-events" }],
  ]);
  let body = JSON.stringify(mutate(draw, bones)) ?? "";
  if (draw() < 0.2) body = garble(draw, body);
  const service = target.startsWith("AmazonSQS") ? "sqs" : "aws-marketplace";
  const isOld = target.startsWith("AWSMPM") || target.startsWith("AWSMPE");
  const headers: Record<string, string> = {
    "content-type": draw() < 0.05 ? "text/plain" : `application/x-amz-json-1.${isOld ? 1 : 0}`,
    "x-amz-target": draw() < 0.05 ? `${target.slice(0, -1)}` : target,
    ...(draw() < 0.03
      ? {}
      : {
          authorization: signedAs({ service, account: draw() < 0.3 ? bought.customerAwsAccountId : "AKID" }),
        }),
  };
  return { headers, body };
}

/** A door of the control, asked for something odd. */
function strangeDoor(draw: Draw) {
  const { agreementId, licenseArn, customerAwsAccountId } = bought;
  const [method, path, bones] = pick<[string, string, unknown]>(draw, [
    [
      "POST",
      "subscribe",
      {
        customerAwsAccountId,
        offer: "contract",
        licenseAfterSeconds: 3,
        termDays: 9,
        autoRenew: true,
        channelPartner: true,
      },
    ],
    ["POST", "cancel", { licenseArn }],
    [
      "POST",
      `agreements/${agreementId}/${pick(draw, ["amend", "renew", "suspend", "resume", "explode"])}`,
      { autoRenew: true, quantities: { seats: 3 }, offer: "contract" },
    ],
    ["PUT", "clock", { offsetMs: 3_600_000 }],
    ["PUT", "faults", { throttle: 0.5, latencyMs: 0, operations: { GetEntitlements: { error500: 0.2 } } }],
    ["PUT", "switches", { identicalResend: "duplicate", codes: { 34: "Odd" }, deliveryLoss: 0.5, seed: 4 }],
    ["PUT", "state", { sandbox: "aws-marketplace-sandbox", version: 2, tables: strangeTables(draw) }],
    ["POST", "snapshots", { name: "fuzz" }],
    ["POST", `snapshots/${pick(draw, ["fuzz", "..%2f..", "none"])}/restore`, {}],
    [
      "GET",
      `${pick(draw, ["calls", "events", "ledger", "agreements", "snapshots", "queues"])}?before=${pick(draw, ["x", "-1", "%00", "1e9"])}&limit=${pick(draw, ["0", "3", "NaN"])}&channel=${pick(draw, ["sns", "x"])}`,
      undefined,
    ],
  ]);
  let body = bones === undefined ? "" : (JSON.stringify(draw() < 0.3 ? bones : mutate(draw, bones)) ?? "");
  if (draw() < 0.2) body = garble(draw, body);
  const isPage = draw() < 0.1;
  return {
    method: isPage ? "GET" : method,
    path: isPage
      ? `/${pick(draw, ["", "calls", "ledger", "events", "agreements", "readings", "x"])}?page=${pick(draw, ["-1", "x", "1e99"])}&bought=%00`
      : `/_sandbox/${path}`,
    body: isPage || method === "GET" ? "" : body,
    headers: { "content-type": draw() < 0.05 ? "text/plain" : "application/json" },
  };
}

/** Rows that SQLite would take, and the sandbox might stumble over. */
function strangeTables(draw: Draw) {
  const value = pick(draw, [
    "{}",
    "{bad",
    "1e300",
    "null",
    "[]",
    '{"throttle":7}',
    '{"delivery":"by pigeon"}',
  ]);
  const at = pick(draw, [0, -1, 1e15, 1e17, Number.MAX_SAFE_INTEGER]);
  const event = {
    id: "e",
    agreement_id: "a",
    detail_type: "d",
    at,
    body: pick(draw, ["{}", "x", "[]"]),
    state: "waiting",
    next_attempt_at: 0,
  };
  const setting = {
    name: pick(draw, ["faults", "switches", "clock_offset_ms", "chance", "ledger_kinds"]),
    value,
  };
  return { settings: [setting], events: draw() < 0.5 ? [event] : [] };
}

function send(
  method: string,
  path: string,
  headers: Record<string, string>,
  body: string,
): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const options = {
      host: "localhost",
      port: sandbox.port,
      method,
      path,
      agent,
      headers: { ...headers, "content-length": Buffer.byteLength(body) },
    };
    const call = request(options, (answer) => {
      const parts: Buffer[] = [];
      answer.on("data", (part: Buffer) => parts.push(part));
      answer.on("end", () =>
        resolve({ status: answer.statusCode ?? 0, text: Buffer.concat(parts).toString("utf8") }),
      );
    });
    // A call that is cut off (another region than the entitlement service's) is an answer too; a crash is found below.
    call.on("error", (error: NodeJS.ErrnoException) =>
      error.code === "ECONNRESET" ? resolve({ status: 200, text: "" }) : reject(error),
    );
    call.end(body);
  });
}
