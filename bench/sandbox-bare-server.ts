// What the sandbox is measured against: Node's HTTP server, reading the same JSON and answering the same shape.
import { randomUUID } from "node:crypto";
import { createServer } from "node:http";

const server = createServer((request, response) => {
  const parts: Buffer[] = [];
  request.on("data", (part: Buffer) => parts.push(part));
  request.on("end", () => {
    const { UsageRecords } = JSON.parse(Buffer.concat(parts).toString("utf8")) as { UsageRecords: object[] };
    const Results = UsageRecords.map((UsageRecord) => ({
      UsageRecord,
      MeteringRecordId: randomUUID(),
      Status: "Success",
    }));
    const body = JSON.stringify({ Results, UnprocessedRecords: [] });
    response.writeHead(200, {
      "content-type": "application/x-amz-json-1.1",
      "content-length": Buffer.byteLength(body),
    });
    response.end(body);
  });
});
server.listen(Number(process.argv[2]), "127.0.0.1", () => console.log("open"));
process.on("SIGTERM", () => {
  server.closeAllConnections();
  server.close();
});
