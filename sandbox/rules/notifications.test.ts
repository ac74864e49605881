import { createVerify, X509Certificate } from "node:crypto";
import { describe, expect } from "vitest";
import { type Envelope, stringToSign } from "../notifications/envelope.ts";
import { rule } from "../testing/rule.ts";
import type { OpenSandbox } from "../testing/sandbox.ts";

const HOUR = 3_600_000;
const CLASSIC = "6c1mv8xr4zq0k9t3jd7wn5fhb";

describe("The older style, told by SNS", () => {
  rule(85, async (sandbox) => {
    const bought = await sandbox.subscribe({ integration: "legacy", offer: "free_trial" });
    const [success] = await sandbox.events("sns");
    const said = {
      action: "subscribe-success",
      "customer-identifier": bought.customerIdentifier,
      "product-code": CLASSIC,
      "offer-identifier": expect.stringMatching(/^offer-/),
      isFreeTrialTermPresent: "true",
    };
    expect(success?.envelope).toEqual(said);
    expect(await sandbox.events()).toEqual([]);
    const [enveloped] = await received(sandbox);
    expect(enveloped).toMatchObject({
      Type: "Notification",
      TopicArn: expect.stringMatching(/:aws-mp-subscription-notification-6c1/),
    });
    expect(JSON.parse(String(enveloped?.Message))).toEqual(said);
    await sandbox.switches({ snsDelivery: "raw" });
    await sandbox.change(bought.agreementId, "cancel");
    expect((await received(sandbox))[0]).toMatchObject({ action: "unsubscribe-pending" });
  });

  rule(86, async (sandbox) => {
    const leaves = async () => {
      const bought = await sandbox.subscribe({ integration: "legacy", offer: "subscription" });
      await sandbox.change(bought.agreementId, "cancel");
      return bought;
    };
    await leaves();
    expect(await actions(sandbox)).toEqual(["subscribe-success", "unsubscribe-pending"]);
    await sandbox.passes(HOUR + 60_000);
    expect(await actions(sandbox)).toEqual([
      "subscribe-success",
      "unsubscribe-pending",
      "unsubscribe-success",
    ]);
    const { customerAwsAccountId } = await leaves();
    await sandbox.subscribe({ integration: "legacy", offer: "subscription", customerAwsAccountId });
    await sandbox.passes(2 * HOUR);
    expect((await actions(sandbox)).slice(3)).toEqual([
      "subscribe-success",
      "unsubscribe-pending",
      "subscribe-success",
    ]);
  });

  rule(87, async (sandbox) => {
    const bought = await sandbox.subscribe({ integration: "legacy", paymentFails: true });
    expect(await actions(sandbox)).toEqual(["subscribe-fail"]);
    expect((await sandbox.resolve(bought.registrationToken)).CustomerIdentifier).toBe(
      bought.customerIdentifier,
    );
    const record = {
      CustomerIdentifier: bought.customerIdentifier,
      Dimension: "searches",
      Timestamp: new Date(await sandbox.now()),
    };
    expect((await sandbox.batch([record], CLASSIC)).Results?.[0]?.Status).toBe("CustomerNotSubscribed");
    expect((await sandbox.entitlements({ ProductCode: CLASSIC })).Entitlements ?? []).toEqual([]);
    await sandbox.subscribe({ integration: "legacy", customerAwsAccountId: bought.customerAwsAccountId });
    expect((await sandbox.batch([record], CLASSIC)).Results?.[0]?.Status).toBe("Success");
  });

  rule(88, async (sandbox) => {
    await sandbox.subscribe({ integration: "legacy", offer: "subscription" });
    for (const [version, algorithm] of [
      ["1", "RSA-SHA1"],
      ["2", "RSA-SHA256"],
    ] as const) {
      await sandbox.switches({ snsSignature: version });
      const [event] = await sandbox.events("sns");
      await sandbox.door("POST", `/_sandbox/events/${event?.id}/resend`, {});
      const envelope = (await received(sandbox)).at(-1) as unknown as Envelope;
      expect(envelope.SignatureVersion).toBe(version);
      const pem = await (await fetch(envelope.SigningCertURL.replace("localhost", "127.0.0.1"))).text();
      const { publicKey } = new X509Certificate(pem);
      const holds = (message: Envelope) =>
        createVerify(algorithm).update(stringToSign(message)).verify(publicKey, envelope.Signature, "base64");
      expect(holds(envelope)).toBe(true);
      expect(holds({ ...envelope, Message: envelope.Message.replace("success", "fail") })).toBe(false);
    }
  });

  rule(89, async (sandbox) => {
    await sandbox.subscribe({ integration: "legacy", offer: "subscription" });
    expect(await actions(sandbox)).toEqual(["subscribe-success"]);
    await sandbox.subscribe({ integration: "legacy", offer: "contract" });
    expect((await actions(sandbox)).slice(1)).toEqual(["subscribe-success", "entitlement-updated"]);
    expect((await sandbox.events("sns")).at(-1)?.envelope).toEqual({
      action: "entitlement-updated",
      "customer-identifier": expect.any(String),
      "product-code": CLASSIC,
    });
  });
});

async function actions(sandbox: OpenSandbox): Promise<string[]> {
  return (await sandbox.events("sns")).map(({ detailType }) => detailType);
}

/** What lies in the queue that is subscribed to the topics. */
async function received(sandbox: OpenSandbox): Promise<Record<string, unknown>[]> {
  const QueueUrl = `${sandbox.url}/719384206615/marketplace-notifications`;
  const { json } = await sandbox.call("ReceiveMessage", { QueueUrl, MaxNumberOfMessages: 10 });
  return ((json.Messages ?? []) as { Body: string }[]).map(({ Body }) => JSON.parse(Body));
}
