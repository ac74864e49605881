import { createHash } from "node:crypto";
import { describe, expect } from "vitest";
import type { OpenSandbox } from "../testing/sandbox.ts";
import { test } from "../testing/sandbox-test.ts";

type Message = {
  MessageId: string;
  ReceiptHandle: string;
  MD5OfBody: string;
  Body: string;
  Attributes?: object;
};

describe("The queue", () => {
  test("holds every event, byte for byte, with its MD5; a received message is hidden until its time is up", async ({
    sandbox,
  }) => {
    await sandbox.subscribe();
    const first = await receive(sandbox, {
      MaxNumberOfMessages: 10,
      VisibilityTimeout: 1,
      MessageSystemAttributeNames: ["All"],
    });
    expect(first.map(({ Body }) => JSON.parse(Body)["detail-type"])).toEqual([
      "Purchase Agreement Created - Proposer",
      "License Updated - Manufacturer",
    ]);
    for (const { MD5OfBody, Body } of first)
      expect(createHash("md5").update(Body).digest("hex")).toBe(MD5OfBody);
    expect(first[0]?.Attributes).toMatchObject({
      ApproximateReceiveCount: "1",
      SentTimestamp: expect.stringMatching(/^\d{13}$/),
    });
    expect(await receive(sandbox)).toEqual([]);
    // One second of visibility, in real time: the wait of the next call outlasts it.
    const again = await receive(sandbox, { WaitTimeSeconds: 3, MaxNumberOfMessages: 10 });
    expect(again.map(({ MessageId }) => MessageId)).toContain(first[0]?.MessageId);
  });

  test("a long poll answers as soon as something happens", async ({ sandbox }) => {
    const asked = Date.now();
    const waiting = receive(sandbox, { WaitTimeSeconds: 20 });
    await sandbox.subscribe();
    expect(await waiting).toHaveLength(1);
    expect(Date.now() - asked).toBeLessThan(5_000);
  });

  test("messages are deleted one by one and ten at once, and given back", async ({ sandbox }) => {
    await sandbox.subscribe();
    const [first, second] = await receive(sandbox, { MaxNumberOfMessages: 10 });
    await ask(sandbox, "ChangeMessageVisibility", {
      ReceiptHandle: second?.ReceiptHandle,
      VisibilityTimeout: 0,
    });
    const [back] = await receive(sandbox);
    expect(back?.MessageId).toBe(second?.MessageId);
    expect(
      (
        await ask(sandbox, "ChangeMessageVisibility", {
          ReceiptHandle: second?.ReceiptHandle,
          VisibilityTimeout: 5,
        })
      ).error,
    ).toBe("com.amazonaws.sqs#MessageNotInflight");
    expect((await ask(sandbox, "DeleteMessage", { ReceiptHandle: first?.ReceiptHandle })).status).toBe(200);
    const batch = [
      { Id: "good", ReceiptHandle: back?.ReceiptHandle },
      { Id: "bad", ReceiptHandle: "nonsense" },
    ];
    expect((await ask(sandbox, "DeleteMessageBatch", { Entries: batch })).json).toMatchObject({
      Successful: [{ Id: "good" }],
      Failed: [{ Id: "bad", Code: "ReceiptHandleIsInvalid", SenderFault: true }],
    });
    const { json } = await ask(sandbox, "GetQueueAttributes", { AttributeNames: ["All"] });
    expect(json.Attributes).toMatchObject({
      ApproximateNumberOfMessages: "0",
      ApproximateNumberOfMessagesNotVisible: "0",
    });
  });

  test("wrong requests get SQS's own errors", async ({ sandbox }) => {
    const refused = async (operation: string, body: object) =>
      (await ask(sandbox, operation, body)).error.split("#")[1];
    expect(await refused("ReceiveMessage", { QueueUrl: "http://localhost/1/nothing" })).toBe(
      "QueueDoesNotExist",
    );
    expect(await refused("ReceiveMessage", { MaxNumberOfMessages: 11 })).toBe("InvalidParameterValue");
    expect(await refused("ReceiveMessage", { WaitTimeSeconds: 21 })).toBe("InvalidParameterValue");
    expect(await refused("DeleteMessage", { ReceiptHandle: "x" })).toBe("ReceiptHandleIsInvalid");
    expect(await refused("DeleteMessageBatch", { Entries: [] })).toBe("EmptyBatchRequest");
    expect(await refused("GetQueueAttributes", { AttributeNames: ["Colour"] })).toBe("InvalidAttributeName");
    const wrong = await sandbox.call("ReceiveMessage", {}, { service: "aws-marketplace" });
    expect(wrong.error).toBe("com.amazonaws.sqs#InvalidSignatureException");
  });
});

function ask(sandbox: OpenSandbox, operation: string, body: object) {
  const QueueUrl = `${sandbox.url}/719384206615/marketplace-events`;
  return sandbox.call(operation, { QueueUrl, ...body });
}

async function receive(sandbox: OpenSandbox, body: object = {}): Promise<Message[]> {
  const { json } = await ask(sandbox, "ReceiveMessage", body);
  return (json.Messages ?? []) as unknown as Message[];
}
