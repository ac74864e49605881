import { afterEach, expect, test, vi } from "vitest";
import { guarded } from "./door.ts";

afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
  Reflect.deleteProperty(globalThis, "portalEnv");
});

test.each([
  "the database system is starting up",
  "the database system is not yet accepting connections",
  "the database system is in recovery mode",
  "terminating connection due to unexpected postmaster exit",
  "Connection terminated unexpectedly",
  "Client has encountered a connection error and is not queryable",
  "connect ECONNREFUSED 127.0.0.1:5432",
  "connect ECONNREFUSED 127.0.0.1:22021",
])("while the database is away (%s) clients are told to come again", async (words) => {
  const response = await answerTo(new Error(words));
  expect(response.status).toBe(503);
  expect(response.headers.get("retry-after")).toBe("5");
});

test("what nobody expected is a fault of ours, told without details", async () => {
  const response = await answerTo(new Error("a secret detail"));
  expect(response.status).toBe(500);
  expect(await response.text()).not.toContain("secret");
});

function answerTo(error: Error): Promise<Response> {
  vi.stubEnv("PORTAL_MODE", "sandbox");
  vi.spyOn(process.stderr, "write").mockReturnValue(true);
  Reflect.deleteProperty(globalThis, "portalEnv");
  return guarded(() => Promise.reject(error))();
}
