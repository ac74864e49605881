// What submission is measured with: a server that takes BatchMeterUsage, answers after a while, refuses a whole call for one
// record it does not like, and remembers when each call began.
import { randomUUID } from "node:crypto";
import { createServer, type ServerResponse } from "node:http";

type Rules = { latencyMs: number; badDimension: string | null; badLicenseArn: string | null };
type Told = { Dimension: string; LicenseArn: string };

let rules: Rules = { latencyMs: 0, badDimension: null, badLicenseArn: null };
/** When calls began and when records were taken, by this process's clock, in milliseconds. */
let seen: { starts: number[]; taken: { at: number; records: number }[] } = { starts: [], taken: [] };

const server = createServer((request, response) => {
  const began = performance.now();
  const parts: Buffer[] = [];
  request.on("data", (part: Buffer) => parts.push(part));
  request.on("end", () => {
    const body = Buffer.concat(parts).toString("utf8");
    if (request.url === "/seen") return say(response, 200, { ...seen, now: performance.now() });
    if (request.url === "/rules") {
      rules = JSON.parse(body) as Rules;
      seen = { starts: [], taken: [] };
      return say(response, 200, {});
    }
    if (!request.headers["x-amz-target"]) return say(response, 404, {});
    seen.starts.push(began);
    setTimeout(
      () => answer(response, (JSON.parse(body) as { UsageRecords: Told[] }).UsageRecords),
      rules.latencyMs,
    );
  });
});

function answer(response: ServerResponse, records: Told[]): void {
  const fault = faultOf(records);
  if (fault) {
    say(response, 400, { __type: fault, message: "of the bench" });
    return;
  }
  seen.taken.push({ at: performance.now(), records: records.length });
  const Results = records.map((UsageRecord) => ({
    UsageRecord,
    MeteringRecordId: randomUUID(),
    Status: "Success",
  }));
  say(response, 200, { Results, UnprocessedRecords: [] });
}

function faultOf(records: Told[]): string | null {
  if (records.some(({ LicenseArn }) => LicenseArn === rules.badLicenseArn)) return "InvalidLicenseException";
  const isUnknown = records.some(({ Dimension }) => Dimension === rules.badDimension);
  return isUnknown ? "InvalidUsageDimensionException" : null;
}

function say(response: ServerResponse, status: number, content: object): void {
  const body = JSON.stringify(content);
  response.writeHead(status, {
    "content-type": "application/x-amz-json-1.1",
    "content-length": Buffer.byteLength(body),
  });
  response.end(body);
}

server.keepAliveTimeout = 60_000;
server.listen(Number(process.argv[2]), "127.0.0.1", () => console.log("open"));
process.on("SIGTERM", () => {
  server.closeAllConnections();
  server.close();
});
