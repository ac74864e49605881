import { expect, test } from "vitest";
import { admitted } from "./admission.ts";

const MIB = 1024 * 1024;

function post(bytes: number | null): Request {
  const headers: Record<string, string> = bytes === null ? {} : { "content-length": String(bytes) };
  return new Request("http://portal/", { method: "POST", headers });
}

/** A request that is let in stays until it is told to go. */
function opens(bytes: number | null) {
  let finish = () => {};
  const until = new Promise<void>((resolve) => {
    finish = resolve;
  });
  const answer = admitted(post(bytes), 8 * MIB, async () => {
    await until;
    return new Response("done");
  });
  return { answer, finish };
}

test("what does not fit is answered 503 and told to come again, and fits when another is answered", async () => {
  const two = [opens(8 * MIB), opens(null)];
  const third = await admitted(post(1), 8 * MIB, async () => new Response("done"));
  expect(third.status).toBe(503);
  expect(third.headers.get("retry-after")).toBe("1");

  for (const { finish } of two) finish();
  for (const { answer } of two) expect((await answer).status).toBe(200);
  const again = await admitted(post(8 * MIB), 8 * MIB, async () => new Response("done"));
  expect(again.status).toBe(200);
});

test("a request that fails gives its room back", async () => {
  for (let n = 0; n < 5; n++) {
    const failing = admitted(post(8 * MIB), 8 * MIB, async () => {
      throw new Error("failed");
    });
    await expect(failing).rejects.toThrow("failed");
  }
  const after = opens(8 * MIB);
  after.finish();
  expect((await after.answer).status).toBe(200);
});
