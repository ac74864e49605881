import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect } from "vitest";
import { refusalOf, usageOf } from "../testing/sandbox.ts";
import { test } from "../testing/sandbox-test.ts";

const BATCH = "AWSMPMeteringService.BatchMeterUsage";
const AUTHORIZATION = "AWS4-HMAC-SHA256 Credential=AKID/20261121/us-east-1";

describe("The wire speaks AWS JSON 1.1", () => {
  test("every answer has a request id, the content type and the real date, whatever the clock says (rule 4)", async ({
    sandbox,
  }) => {
    for (const target of [BATCH, "AWSMPMeteringService.Nothing"]) {
      const { headers } = await sandbox.wire(target, '{"UsageRecords":[]}');
      expect(headers.get("x-amzn-requestid")).toMatch(/^[0-9a-f-]{36}$/);
      expect(headers.get("content-type")).toBe("application/x-amz-json-1.1");
      expect(Math.abs(Date.parse(headers.get("date") ?? "") - Date.now())).toBeLessThan(5_000);
    }
  });

  test("an unknown operation, another content type and a missing target are refused (rules 1, 2)", async ({
    sandbox,
  }) => {
    const typeOf = async (target: string, headers = {}) =>
      (await sandbox.wire(target, "{}", headers)).json.__type;
    expect(await typeOf("AWSMPMeteringService.RegisterEverything")).toBe("UnknownOperationException");
    expect(await typeOf("constructor")).toBe("UnknownOperationException");
    expect(await typeOf("")).toBe("UnknownOperationException");
    expect(await typeOf(BATCH, { "content-type": "application/json" })).toBe("UnknownOperationException");
  });

  test("a call needs a signature for aws-marketplace (rule 3)", async ({ sandbox }) => {
    const send = async (authorization: string) => {
      const answer = await sandbox.wire(BATCH, '{"UsageRecords":[]}', { authorization });
      return [answer.status, answer.json.__type];
    };
    expect(await send("")).toEqual([400, "MissingAuthenticationTokenException"]);
    expect(await send("Bearer abc")).toEqual([400, "IncompleteSignatureException"]);
    expect(await send(`${AUTHORIZATION}/metering.marketplace/aws4_request`)).toEqual([
      400,
      "InvalidSignatureException",
    ]);
    expect(await send(`${AUTHORIZATION}/aws-marketplace/aws4_request`)).toEqual([200, undefined]);
  });

  test("a body that is no JSON, or no object, is a serialization error (rule 7); unknown members are ignored (rule 9)", async ({
    sandbox,
  }) => {
    for (const body of ["", "{", "[]", "null", '"text"']) {
      expect((await sandbox.wire(BATCH, body)).json.__type).toBe("SerializationException");
    }
    expect((await sandbox.wire(BATCH, '{"UsageRecords":[],"Colour":"red"}')).status).toBe(200);
  });

  test("timestamps go back as seconds, exactly as they came (rule 8)", async ({ sandbox }) => {
    const bought = await sandbox.subscribe();
    const seconds = (await sandbox.now()) / 1_000;
    const record = {
      LicenseArn: bought.licenseArn,
      CustomerAWSAccountId: bought.customerAwsAccountId,
      Dimension: "gb_indexed",
      Timestamp: seconds,
    };
    const { text } = await sandbox.wire(BATCH, JSON.stringify({ UsageRecords: [record] }));
    expect(text).toContain(`"Timestamp":${seconds}`);
  });
});

describe("The weather", () => {
  test("throttled and ill: AWS's own errors, and nothing is billed", async ({ sandbox }) => {
    const bought = await sandbox.subscribe();
    await sandbox.faults({ throttle: { next: 1 }, error500: { next: 1 } });
    const first = await sandbox.wire(BATCH, JSON.stringify({ UsageRecords: [] }));
    expect([first.status, first.json.__type]).toEqual([400, "ThrottlingException"]);
    expect(await refusalOf(sandbox.batch([usageOf(bought)]))).toBe("InternalServiceErrorException");
    expect((await sandbox.ledger()).items).toEqual([]);
    expect((await sandbox.batch([usageOf(bought)])).Results).toMatchObject([{ Status: "Success" }]);
  });

  test("a call lost on the way bills nothing; an answer lost on the way back is billed, and the same bytes again find it", async ({
    sandbox,
  }) => {
    const bought = await sandbox.subscribe();
    const record = usageOf(bought);
    await sandbox.faults({ dropBefore: { next: 1 } });
    expect(await refusalOf(sandbox.batch([record]))).not.toBe("nothing went wrong");
    expect((await sandbox.ledger()).items).toEqual([]);

    await sandbox.faults({ dropAfter: { next: 1 } });
    expect(await refusalOf(sandbox.batch([record]))).not.toBe("nothing went wrong");
    expect((await sandbox.ledger()).items).toMatchObject([{ quantity: 12, sends: 1 }]);

    expect((await sandbox.batch([record])).Results).toMatchObject([{ Status: "Success" }]);
    expect((await sandbox.ledger()).items).toMatchObject([{ quantity: 12, sends: 2 }]);

    const [again, lostAnswer, lostCall] = (await sandbox.calls("BatchMeterUsage")).items;
    expect([lostCall?.fault, lostCall?.status, lostCall?.response]).toEqual(["dropBefore", null, null]);
    expect([lostAnswer?.fault, lostAnswer?.status]).toEqual(["dropAfter", null]);
    expect(again?.request).toBe(lostAnswer?.request);
    expect(again?.response).toBe(lostAnswer?.response);
  });

  test("a certain fault strikes every time, an impossible one never, and slow is real time", async ({
    sandbox,
  }) => {
    await sandbox.faults({ throttle: 1 });
    for (let turn = 0; turn < 3; turn += 1)
      expect((await sandbox.wire(BATCH, "{}")).json.__type).toBe("ThrottlingException");
    await sandbox.faults({ throttle: 0, latencyMs: 150 });
    const start = performance.now();
    await sandbox.batch([]);
    expect(performance.now() - start).toBeGreaterThanOrEqual(145);
  });
});

describe("The call log", () => {
  test("keeps both bodies, the region, the rule that refused and the SDK's invocation", async ({
    sandbox,
  }) => {
    const bought = await sandbox.subscribe();
    await refusalOf(sandbox.batch([usageOf(bought, { Dimension: "miles" })]));
    expect((await sandbox.calls("BatchMeterUsage")).items).toMatchObject([
      {
        operation: "BatchMeterUsage",
        region: "us-east-1",
        status: 400,
        error: "InvalidUsageDimensionException",
        rule: "43",
        request: expect.stringContaining('"Dimension":"miles"'),
        response: expect.stringContaining('"__type":"InvalidUsageDimensionException"'),
        invocationId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      },
    ]);
  });

  test("a registration token is in no file of the sandbox, however it was sent", async ({ sandbox }) => {
    const { registrationToken: token } = await sandbox.subscribe();
    await sandbox.resolve(token);
    await sandbox.wire("AWSMPMeteringService.ResolveCustomer", `{"RegistrationToken":"${token}", broken`);
    await sandbox.wire("AWSMPMeteringService.Resolve", JSON.stringify({ RegistrationToken: token }));
    await sandbox.wire(BATCH, JSON.stringify({ UsageRecords: [], RegistrationToken: token }));

    const calls = JSON.stringify((await sandbox.calls()).items);
    const files = ["state.sqlite", "state.sqlite-wal"].map((name) =>
      readFileSync(join(sandbox.dataDir, "sandbox", name), "latin1"),
    );
    for (const secret of [
      token,
      encodeURIComponent(token),
      Buffer.from(token).toString("base64").slice(0, 60),
    ]) {
      for (const place of [calls, ...files]) expect(place.includes(secret)).toBe(false);
    }
  });
});
