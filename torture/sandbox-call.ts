import type { Stage } from "./stage.ts";

/** A call of BatchMeterUsage that is none of the portal's. Answers what AWS said, whatever that is. */
export async function callMetering(stage: Stage, body: object): Promise<string> {
  const answer = await fetch(`${stage.sandboxUrl}/`, {
    method: "POST",
    headers: {
      "content-type": "application/x-amz-json-1.1",
      "x-amz-target": "AWSMPMeteringService.BatchMeterUsage",
      authorization:
        "AWS4-HMAC-SHA256 Credential=FOREIGN/20261121/us-east-1/aws-marketplace/aws4_request, SignedHeaders=host, Signature=00",
    },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(10_000),
  });
  return answer.text();
}

/**
 * The sandbox remembers its catalog as long as nobody writes through it; what was written past it is seen after a call
 * that it refuses. Bad weather may take the call: then it is made again.
 */
export async function letSandboxLook(stage: Stage): Promise<void> {
  const body = {
    ProductCode: "nobody",
    UsageRecords: [{ Timestamp: 1, CustomerAWSAccountId: "000000000000", Dimension: "none", Quantity: 1 }],
  };
  for (let tries = 0; tries < 40; tries++) {
    const said = await callMetering(stage, body).catch(() => "");
    if (said.includes("InvalidProductCode")) return;
  }
}
