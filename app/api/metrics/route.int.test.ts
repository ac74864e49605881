import { expect, vi } from "vitest";
import { test } from "#lib/testing/world-test.ts";
import { GET } from "./route.ts";

test("metrics are open to a sandbox's own machine; a token closes them to everybody without it", async ({
  world: _world,
}) => {
  const ask = (authorization?: string) =>
    GET(new Request("http://portal/api/metrics", authorization ? { headers: { authorization } } : {}));
  expect((await ask()).status).toBe(200);
  vi.stubEnv("METRICS_TOKEN", "a-token-of-tests-that-is-long-enough");
  Reflect.deleteProperty(globalThis, "portalEnv");
  expect((await ask()).status).toBe(401);
  expect((await ask("Bearer another-token-of-tests-as-long")).status).toBe(401);
  expect((await ask("Bearer a-token-of-tests-that-is-long-enough")).status).toBe(200);
  vi.unstubAllEnvs();
});
