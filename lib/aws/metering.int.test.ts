import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type ServerResponse } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, onTestFinished, test, vi } from "vitest";
import { batchMeterUsage } from "./metering.ts";

afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
  for (const name of ["portalEnv", "portalAwsClients"]) Reflect.deleteProperty(globalThis, name);
});

const record = {
  Timestamp: new Date("2027-01-15T11:00:00Z"),
  CustomerAWSAccountId: "553810027748",
  LicenseArn: "arn:aws:license-manager::294406891311:license:l-1",
  Dimension: "gb_indexed",
  Quantity: 12,
};
const json = (status: number, body: unknown) => (response: ServerResponse) =>
  response
    .writeHead(status, { "content-type": "application/x-amz-json-1.1", "x-amzn-requestid": "id" })
    .end(typeof body === "string" ? body : JSON.stringify(body));
const fault = (type: string, status = 400) => json(status, { __type: type, message: "words" });

test.each<[string, (response: ServerResponse) => unknown, string]>([
  ["cuts the connection", (response) => response.destroy(), "unknown"],
  [
    "cuts it in the middle of its answer",
    (response) => response.writeHead(200).write('{"Results":[', () => response.destroy()),
    "unknown",
  ],
  ["answers half a body", json(200, '{"Results":['), "unknown"],
  [
    "answers a page",
    (response) => response.writeHead(200, { "content-type": "text/html" }).end("<html>"),
    "unknown",
  ],
  [
    "answers a page with 502",
    (response) => response.writeHead(502, { "content-type": "text/html" }).end("<html>"),
    "unknown",
  ],
  [
    "answers a page with 403",
    (response) => response.writeHead(403, { "content-type": "text/html" }).end("<html>"),
    "unknown",
  ],
  ["answers 500", fault("InternalServiceErrorException", 500), "unknown"],
  ["answers 503 in the words of a refusal", fault("InvalidTagException", 503), "unknown"],
  ["answers that the request is too large", fault("RequestEntityTooLargeException", 413), "unknown"],
  ["throttles", fault("ThrottlingException"), "throttled"],
  ["refuses", fault("TimestampOutOfBoundsException"), "refused"],
  ["refuses with a namespace", fault("com.amazonaws.marketplacemetering#InvalidTagException"), "refused"],
  ["does not know our credentials", fault("UnrecognizedClientException"), "set_up_fault"],
])("an AWS that %s is a fault, and nothing is thrown", async (_what, answer, kind) => {
  const returned = await askingAnAwsThat(answer);
  expect(returned).toMatchObject({ ok: false, fault: { kind } });
});

test.each<[string, unknown]>([
  ["nothing", {}],
  ["an empty body", ""],
  ["no lists", { Results: null, UnprocessedRecords: null }],
  ["lines of nothing", { Results: [{}], UnprocessedRecords: [{}] }],
  [
    "a number as words",
    { Results: [{ UsageRecord: { ...record, Timestamp: 1, Quantity: "12" }, Status: "Success" }] },
  ],
])("an AWS that says %s has told of no receipt", async (_what, body) => {
  const returned = await askingAnAwsThat(json(200, body));
  if (!returned.ok) expect(returned.fault.kind).toBe("unknown");
  else expect(returned.answer.results.every((line) => line.meteringRecordId === null)).toBe(true);
});

test("AWS's answer is read as it was said", async () => {
  const said = { ...record, Timestamp: record.Timestamp.getTime() / 1_000 };
  const returned = await askingAnAwsThat(
    json(200, {
      Results: [{ UsageRecord: said, Status: "Success", MeteringRecordId: "r" }],
      UnprocessedRecords: [said],
    }),
  );
  const line = {
    timestamp: record.Timestamp,
    dimension: "gb_indexed",
    licenseArn: record.LicenseArn,
    customer: "553810027748",
    quantity: 12,
  };
  expect(returned).toEqual({
    ok: true,
    answer: {
      awsRequestId: "id",
      results: [{ ...line, status: "Success", meteringRecordId: "r" }],
      unprocessed: [{ ...line, status: "Unprocessed", meteringRecordId: null }],
    },
  });
});

test("an AWS that begins to answer and never ends is given up before the lease is over", async () => {
  const LEASE_MS = 30_000;
  const inTime = AbortSignal.timeout.bind(AbortSignal);
  const patience = vi.spyOn(AbortSignal, "timeout").mockImplementation((ms) => inTime(ms / 40));
  const returned = await askingAnAwsThat((response) =>
    response.writeHead(200, { "content-length": "100" }).write("{"),
  );
  expect(returned).toMatchObject({ ok: false, fault: { kind: "unknown" } });
  expect(patience.mock.calls[0]?.[0]).toBeLessThan(LEASE_MS - 5_000);
});

test("what breaks before the bytes leave is our set-up, whatever it calls itself", async () => {
  const leave = vi.fn(async () => undefined);
  vi.stubEnv("PORTAL_MODE", "live");
  Object.assign(globalThis, { portalEnv: { PORTAL_MODE: "live" } });
  const folder = mkdtempSync(join(tmpdir(), "role-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const token = join(folder, "token");
  writeFileSync(token, "token");
  vi.stubEnv("AWS_WEB_IDENTITY_TOKEN_FILE", token);
  vi.stubEnv("AWS_ROLE_ARN", "arn:aws:iam::123456789012:role/portal");
  vi.stubEnv("AWS_ENDPOINT_URL_STS", "http://127.0.0.1:9");
  const returned = await batchMeterUsage({
    region: "us-east-1",
    productCode: null,
    records: [record],
    leave,
  });
  expect(returned).toMatchObject({ ok: false, fault: { kind: "set_up_fault" } });
  expect(leave).not.toHaveBeenCalled();
});

/** One call to a server that answers like this. */
async function askingAnAwsThat(answer: (response: ServerResponse) => unknown) {
  const server = createServer((request, response) => request.resume().on("end", () => answer(response)));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  vi.stubEnv("PORTAL_MODE", "sandbox");
  vi.stubEnv(
    "AWS_ENDPOINT_URL",
    `http://127.0.0.1:${typeof address === "object" && address ? address.port : 0}`,
  );
  try {
    return await batchMeterUsage({ region: "us-east-1", productCode: null, records: [record] });
  } finally {
    server.closeAllConnections();
    server.close();
  }
}
