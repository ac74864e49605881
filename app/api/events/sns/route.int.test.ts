import { createServer, type IncomingMessage } from "node:http";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { db } from "#lib/database/client.ts";
import { keepLicenses } from "#lib/jobs/run-due.ts";
import { openWorld, type World } from "#lib/testing/world.ts";
import { POST } from "./route.ts";

/** The sandbox posts to a server that hands every request to the route, as Next does. */
type Post = { headers: Record<string, string>; body: string };

let world: World;
let posts: Post[] = [];
let statuses: number[] = [];
const server = createServer((incoming, outgoing) => {
  readPost(incoming)
    .then(async (post) => {
      posts.push(post);
      const answer = await send(post);
      statuses.push(answer.status);
      outgoing.writeHead(answer.status).end(await answer.text());
    })
    .catch(() => outgoing.destroy());
});

beforeEach(async () => {
  [posts, statuses] = [[], []];
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" && address ? address.port : 0;
  world = await openWorld({ PORTAL_URL: `http://127.0.0.1:${port}` });
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await world.close();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

test.each(["1", "2"])(
  "a buyer of an older listing is heard through SNS, signed in version %s",
  async (version) => {
    await world.sandbox.switches({ snsSignature: version });
    const bought = await buysOlderListing();
    await keepLicenses();
    expect(await db().lifecycleEvent.count({ where: { state: "received" } })).toBe(0);
    await world.registers(bought.registrationToken);
    expect(await license()).toMatchObject({ state: "active", endsAt: null });

    await world.sandbox.change(bought.agreementId, "cancel");
    await notified("unsubscribe-pending");
    await keepLicenses();
    const { state, endsAt } = await license();
    expect([state, endsAt]).toEqual(["ending", expect.any(Date)]);

    await world.passes(70);
    await notified("unsubscribe-success");
    await keepLicenses();
    expect(await license()).toMatchObject({ state: "ended", endsAt });
    expect(new Set(statuses)).toEqual(new Set([202]));
  },
);

test("what SNS did not write, changed on its way, or sent for somebody else's topic changes nothing", async () => {
  await buysOlderListing();
  const stored = await db().lifecycleEvent.count();
  const real = posts.find((post) => post.body.includes("subscribe-success"));
  const message = JSON.parse(real?.body ?? "{}") as Record<string, string>;
  const forged: [object, string][] = [
    [{ Message: message.Message?.replace("subscribe-success", "unsubscribe-success") }, "bad_signature"],
    [{ MessageId: "another" }, "bad_signature"],
    [{ Subject: "added" }, "bad_signature"],
    [{ SignatureVersion: message.SignatureVersion === "1" ? "2" : "1" }, "bad_signature"],
    [{ SigningCertURL: "https://sns.us-east-1.amazonaws.com.evil.example/a.pem" }, "bad_signature"],
    [{ SigningCertURL: "https://evil.example/sns.us-east-1.amazonaws.com/a.pem" }, "bad_signature"],
    [{ SigningCertURL: "file:///etc/hostname.pem" }, "bad_signature"],
    [{ SigningCertURL: message.SigningCertURL?.replace(/:\d+/, ":1") }, "bad_signature"],
    [{ Signature: "AAAA" }, "bad_signature"],
    [{ TopicArn: undefined }, "invalid_body"],
  ];
  for (const [change, code] of forged) {
    const answer = await send({
      headers: real?.headers ?? {},
      body: JSON.stringify({ ...message, ...change }),
    });
    expect(await answer.json()).toMatchObject({ code });
  }
  vi.stubEnv(
    "SELLER_SNS_TOPICS",
    "arn:aws:sns:us-east-1:287250355862:aws-mp-subscription-notification-other",
  );
  Reflect.deleteProperty(globalThis, "portalEnv");
  const elsewhere = await send(real ?? { headers: {}, body: "" });
  expect(await elsewhere.json()).toMatchObject({ status: 403, code: "unknown_topic" });
  expect(await db().lifecycleEvent.count()).toBe(stored);
});

test("the same notice twice is kept once, and raw delivery is not believed", async () => {
  await buysOlderListing();
  const stored = await db().lifecycleEvent.count();
  const real = posts.find((post) => post.body.includes("subscribe-success")) ?? { headers: {}, body: "" };
  expect(await (await send(real)).json()).toMatchObject({ isNew: false });
  const raw = { headers: { ...real.headers, "x-amz-sns-rawdelivery": "true" }, body: real.body };
  expect((await send(raw)).status).toBe(403);
  expect(await db().lifecycleEvent.count()).toBe(stored);
});

const license = () => db().license.findFirstOrThrow();

/** A purchase is told on two topics, in whichever order: both have arrived when this returns. */
async function buysOlderListing() {
  const bought = await world.buys({ integration: "legacy" });
  await notified("subscribe-success");
  await notified("entitlement-updated");
  return bought;
}

async function notified(action: string): Promise<void> {
  await vi.waitFor(
    async () => expect(await db().lifecycleEvent.count({ where: { detailType: action } })).toBe(1),
    { timeout: 20_000, interval: 50 },
  );
}

async function readPost(incoming: IncomingMessage): Promise<Post> {
  const parts: Buffer[] = [];
  for await (const part of incoming as AsyncIterable<Buffer>) parts.push(part);
  const headers = Object.entries(incoming.headers).flatMap(([name, value]) =>
    typeof value === "string" ? [[name, value] as const] : [],
  );
  return { headers: Object.fromEntries(headers), body: Buffer.concat(parts).toString("utf8") };
}

function send({ headers, body }: Post): Promise<Response> {
  const { "content-length": _length, connection: _connection, ...kept } = headers;
  return POST(new Request("http://portal/api/events/sns", { method: "POST", headers: kept, body }));
}
