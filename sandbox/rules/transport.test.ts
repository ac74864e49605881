import { describe, expect } from "vitest";
import { rule } from "../testing/rule.ts";
import { refusalOf, signedAs, usageOf, wireRecord } from "../testing/sandbox.ts";

describe("Transport", () => {
  rule(1, async (sandbox) => {
    expect((await sandbox.call("BatchMeterUsage", { UsageRecords: [] })).status).toBe(200);
    const stranger = await sandbox.wire("AWSMPMeteringService.SellEverything", "{}");
    expect([stranger.status, stranger.error]).toEqual([400, "UnknownOperationException"]);
    await sandbox.switches({ codes: { 1: "SerializationException" } });
    expect((await sandbox.wire("AWSMPMeteringService.SellEverything", "{}")).error).toBe(
      "SerializationException",
    );
  });

  rule(2, async (sandbox) => {
    const send = (type: string) =>
      sandbox.call("BatchMeterUsage", { UsageRecords: [] }, { headers: { "content-type": type } });
    expect((await send("application/x-amz-json-1.1")).status).toBe(200);
    expect((await send("application/x-amz-json-1.0")).error).toBe("UnknownOperationException");
    const agreements = (type: string) =>
      sandbox.call("SearchAgreements", {}, { headers: { "content-type": type } });
    expect((await agreements("application/x-amz-json-1.0")).error).toBe("ValidationException");
    expect((await agreements("application/x-amz-json-1.1")).error).toBe("UnknownOperationException");
    await sandbox.switches({ contentType: "any" });
    expect((await send("application/json")).status).toBe(200);
  });

  rule(3, async (sandbox) => {
    const send = (authorization: string) =>
      sandbox.call("BatchMeterUsage", { UsageRecords: [] }, { headers: { authorization } });
    expect((await send(signedAs({}))).status).toBe(200);
    const wrong = await send(signedAs({ service: "execute-api" }));
    expect([wrong.status, wrong.error]).toEqual([400, "InvalidSignatureException"]);
    expect(wrong.json.message).toContain("Credential should be scoped to correct service: 'aws-marketplace'");
    expect((await send("")).error).toBe("MissingAuthenticationTokenException");
    expect((await send("Bearer x")).error).toBe("IncompleteSignatureException");
  });

  rule(4, async (sandbox) => {
    for (const answer of [
      await sandbox.call("BatchMeterUsage", { UsageRecords: [] }),
      await sandbox.wire("", ""),
    ]) {
      expect(answer.headers.get("x-amzn-requestid")).toMatch(/^[0-9a-f-]{36}$/);
      expect(Math.abs(Date.parse(answer.headers.get("date") ?? "") - Date.now())).toBeLessThan(5_000);
    }
  });

  rule(5, async (sandbox) => {
    const refused = () => sandbox.call("ResolveCustomer", { RegistrationToken: "none" });
    expect((await refused()).json).toMatchObject({
      __type: "InvalidTokenException",
      message: expect.any(String),
    });
    await sandbox.switches({ errorNames: "namespaced" });
    expect((await refused()).error).toBe("com.amazonaws.marketplacemetering#InvalidTokenException");
    expect(await refusalOf(sandbox.resolve("none"))).toBe("InvalidTokenException");
    await sandbox.switches({ errorNames: "header" });
    expect((await refused()).headers.get("x-amzn-errortype")).toMatch(/^InvalidTokenException:http/);
    expect(await refusalOf(sandbox.resolve("none"))).toBe("InvalidTokenException");
  });

  rule(6, async (sandbox) => {
    expect((await sandbox.call("ResolveCustomer", { RegistrationToken: "none" })).status).toBe(400);
    await sandbox.faults({ error500: { next: 1 } });
    const ill = await sandbox.call("BatchMeterUsage", { UsageRecords: [] });
    expect([ill.status, ill.error]).toEqual([500, "InternalServiceErrorException"]);
    expect((await sandbox.call("BatchMeterUsage", { UsageRecords: [] })).status).toBe(200);
  });

  rule(7, async (sandbox) => {
    const bought = await sandbox.subscribe();
    const send = async (wishes: object) =>
      (await sandbox.call("BatchMeterUsage", { UsageRecords: [wireRecord(bought, wishes)] })).error;
    expect(await send({})).toBe("");
    expect(await send({ Timestamp: "2027-01-15T12:30:00Z" })).toBe("SerializationException");
    expect(await send({ Quantity: "7" })).toBe("SerializationException");
    expect(await send({ Quantity: 1.5 })).toBe("SerializationException");
    expect((await sandbox.call("BatchMeterUsage", '{"UsageRecords":[{"Quantity":NaN}]}')).error).toBe(
      "SerializationException",
    );
  });

  rule(8, async (sandbox) => {
    const bought = await sandbox.subscribe();
    const { json } = await sandbox.call("GetEntitlements", { ProductCode: bought.productCode });
    expect(json).toMatchObject({ Entitlements: [{ ExpirationDate: expect.any(Number) }, {}] });
    const echo = await sandbox.call("BatchMeterUsage", { UsageRecords: [wireRecord(bought)] });
    expect(echo.json).toMatchObject({ Results: [{ UsageRecord: { Timestamp: expect.any(Number) } }] });
  });

  rule(9, async (sandbox) => {
    const bought = await sandbox.subscribe();
    const records = { UsageRecords: [wireRecord(bought, { Colour: "red" })] };
    expect((await sandbox.call("BatchMeterUsage", records)).status).toBe(200);
    await sandbox.switches({ unknownMembers: "refused" });
    expect((await sandbox.call("BatchMeterUsage", records)).error).toBe("SerializationException");
    expect(await sandbox.batch([usageOf(bought)])).toMatchObject({ Results: [{ Status: "Success" }] });
  });
});
