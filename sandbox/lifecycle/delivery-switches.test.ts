import { afterEach, describe, expect, test, vi } from "vitest";
import type { Envelope } from "../notifications/envelope.ts";
import { type OpenShop, openShop } from "../testing/shop.ts";

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

const HOUR = 3_600_000;

describe("How events arrive", () => {
  test("swapped, an agreement's license comes before its beginning", async () => {
    const { sandbox, portal } = await shop();
    await sandbox.switches({ delivery: "swapped" });
    await sandbox.subscribe();
    await vi.waitFor(() => expect(portal.received).toHaveLength(2));
    expect(portal.envelopes().map((envelope) => envelope["detail-type"])).toEqual([
      "License Updated - Manufacturer",
      "Purchase Agreement Created - Proposer",
    ]);
  });

  test("twice, each with the same id", async () => {
    const { sandbox, portal } = await shop();
    await sandbox.switches({ copies: "twice" });
    await sandbox.subscribe();
    await vi.waitFor(() => expect(portal.received).toHaveLength(4));
    expect(new Set(portal.envelopes().map(({ id }) => id)).size).toBe(2);
    expect((await sandbox.events()).map(({ state }) => state)).toEqual(["delivered", "delivered"]);
  });

  test("late, by the sandbox's clock; lost, not at all until it is sent again", async () => {
    const { sandbox, portal } = await shop();
    await sandbox.switches({ deliveryDelaySeconds: 3_600 });
    await sandbox.subscribe();
    await sandbox.switches({ deliveryDelaySeconds: 0 });
    await sandbox.subscribe();
    // The later purchase overtakes the one that is held.
    await vi.waitFor(() => expect(portal.received).toHaveLength(2));
    expect((await sandbox.events()).map(({ state }) => state)).toEqual([
      "waiting",
      "waiting",
      "delivered",
      "delivered",
    ]);
    await sandbox.passes(HOUR + 1_000);
    await vi.waitFor(() => expect(portal.received).toHaveLength(4));
    await sandbox.switches({ deliveryLoss: 1 });
    await sandbox.subscribe();
    const lost = (await sandbox.events()).slice(4);
    expect(lost.map(({ state }) => state)).toEqual(["lost", "lost"]);
    await sandbox.door("POST", `/_sandbox/events/${lost[0]?.id}/resend`, {});
    await vi.waitFor(() => expect(portal.received).toHaveLength(5));
  });

  test("notifications wait until the portal has confirmed the topic, and are signed", async () => {
    const { sandbox, portal } = await shop();
    await sandbox.subscribe({ integration: "legacy", offer: "subscription" });
    await vi.waitFor(() => expect(portal.received.length).toBeGreaterThan(0));
    const question = JSON.parse(portal.received[0]?.body ?? "{}") as Envelope;
    expect(portal.received[0]?.path).toBe("/api/events/sns");
    expect(question.Type).toBe("SubscriptionConfirmation");
    const forged = question.SubscribeURL?.replace(/Token=[^&]+/, "Token=guess") ?? "";
    expect((await fetch(forged)).status).toBe(400);
    expect((await fetch(question.SubscribeURL ?? "")).status).toBe(200);
    await vi.waitFor(
      () =>
        expect(JSON.parse(portal.received.at(-1)?.body ?? "{}")).toMatchObject({
          Type: "Notification",
          TopicArn: question.TopicArn,
        }),
      { timeout: 5_000 },
    );
  });

  test("with a seed, what chance decides repeats", async () => {
    const { sandbox } = await shop();
    const run = async () => {
      await sandbox.switches({ seed: 7, deliveryLoss: 0.5 });
      for (let count = 0; count < 8; count += 1) await sandbox.subscribe();
      return (await sandbox.events()).slice(-16).map(({ state }) => state === "lost");
    };
    const first = await run();
    expect(new Set(first).size).toBe(2);
    expect(await run()).toEqual(first);
  });
});

async function shop(): Promise<OpenShop> {
  const opened = await openShop();
  closing.push(opened.close);
  return opened;
}
