import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { ENV_NAMES, endpointFor, parseEnv } from "./env.ts";

const secret = "x".repeat(32);
const live = {
  PORTAL_MODE: "live",
  APP_URL: "https://portal.example.com",
  NEXTAUTH_SECRET: secret,
  SELLER_EVENTS_SECRET: secret,
};
const problems = (source: Record<string, string>) => {
  const parsed = parseEnv(source);
  return parsed.ok ? [] : parsed.problems;
};

test("a sandbox needs only its mode, and listens on this machine", () => {
  const parsed = parseEnv({ PORTAL_MODE: "sandbox" });
  expect(parsed).toMatchObject({
    ok: true,
    env: { HOST: "127.0.0.1", PORT: 3000, APP_URL: "http://127.0.0.1:3000" },
  });
});

test("a live portal listens everywhere and keeps AWS's own endpoints", () => {
  const parsed = parseEnv(live);
  expect(parsed).toMatchObject({ ok: true, env: { HOST: "0.0.0.0" } });
  if (parsed.ok) expect(endpointFor("MARKETPLACE_METERING", parsed.env)).toBeUndefined();
});

test("a sandbox never falls through to the real AWS", () => {
  const parsed = parseEnv({ PORTAL_MODE: "sandbox", SANDBOX_PORT: "4567" });
  if (parsed.ok) expect(endpointFor("MARKETPLACE_METERING", parsed.env)).toBe("http://127.0.0.1:4567");
  expect(parsed.ok).toBe(true);
});

test("a forgotten mode is said", () => {
  expect(problems({})).toEqual(["PORTAL_MODE must be sandbox or live: say which one this is"]);
});

test.each([
  ["PORTAL_MODE", "production"],
  ["PORT", "abc"],
  ["PORT", "1.5"],
  ["PORT", "0"],
  ["PORT", "65536"],
  ["SANDBOX_PORT", "-1"],
  ["DATABASE_URL", "mysql://localhost/x"],
  ["APP_URL", "portal.example.com"],
  ["APP_URL", "ftp://portal.example.com"],
  ["NEXTAUTH_SECRET", "short"],
  ["NEXTAUTH_SECRET", `${secret},${secret},${secret}`],
  ["NEXTAUTH_SECRET", `${secret},`],
  ["SELLER_ACCOUNT_ID", "1234-5678-9012"],
  ["SELLER_EVENTS_SECRET", "short"],
  ["ADMIN_EMAIL", "nobody"],
  ["ADMIN_PASSWORD", "12345678901"],
  ["BOOTSTRAP_API_KEY", "short"],
  ["EMBEDDED_WORKER", "yes"],
  ["LOG_LEVEL", "loud"],
  ["AWS_REGION", "Virginia"],
  ["AWS_ENDPOINT_URL", "localhost:4000"],
  ["SANDBOX_CLOCK", "followed"],
  ["SELLER_EVENTS_QUEUE_URL", "marketplace-events"],
  ["SELLER_SNS_TOPICS", "aws-mp-subscription-notification-n0123"],
])("%s=%s is one line that names it", (name, value) => {
  const said = problems({ PORTAL_MODE: "sandbox", [name]: value });
  expect(said).toHaveLength(1);
  expect(said[0]).toMatch(new RegExp(`^${name} [a-z]`));
  expect(said[0]).not.toContain("\n");
  expect(said[0]).not.toContain("Invalid input");
});

test("every mistake is said at once", () => {
  expect(problems({ PORTAL_MODE: "sandbox", PORT: "x", LOG_LEVEL: "x", ADMIN_EMAIL: "x" })).toHaveLength(3);
});

test("an empty value counts as absent", () => {
  expect(problems({ PORTAL_MODE: "sandbox", PORT: "", NEXTAUTH_SECRET: "" })).toEqual([]);
});

test.each(["APP_URL", "NEXTAUTH_SECRET", "SELLER_EVENTS_SECRET"])("live mode wants %s", (name) => {
  expect(problems({ ...live, [name]: "" })).toEqual([expect.stringMatching(new RegExp(`^${name} must be`))]);
});

test("a secret made for a sandbox does not slip into live mode, also as the second of two", () => {
  for (const value of [`sandbox-${secret}`, `${secret},sandbox-${secret}`])
    expect(problems({ ...live, NEXTAUTH_SECRET: value })).toEqual([
      expect.stringContaining("was made for a sandbox"),
    ]);
});

test.each([
  "http://127.0.0.1:4000",
  "http://localhost:4000",
  "https://[::1]:4000",
  "http://127.9.9.9",
  "http://0.0.0.0:1",
  "http://aws.example.com",
])("live mode does not send to %s", (address) => {
  for (const name of [
    "AWS_ENDPOINT_URL",
    "AWS_ENDPOINT_URL_MARKETPLACE_METERING",
    "AWS_ENDPOINT_URL_MARKETPLACE_ENTITLEMENT_SERVICE",
    "AWS_ENDPOINT_URL_SQS",
    "SELLER_EVENTS_QUEUE_URL",
  ])
    expect(problems({ ...live, [name]: address })).toHaveLength(1);
});

test.each([
  ["BOOTSTRAP_API_KEY", secret],
  ["SANDBOX_DOOR_KEY", secret],
  ["SANDBOX_CLOCK", "unfollowed"],
  ["SANDBOX_URL", "http://localhost:4000"],
  ["SANDBOX_HOST", "0.0.0.0"],
])("live mode refuses %s", (name, value) => {
  expect(problems({ ...live, [name]: value })).toEqual([`${name} is for sandbox mode only: remove it`]);
});

test.each([
  "https://metering.marketplace.us-east-1.amazonaws.com",
  "https://METERING.marketplace.us-east-1.AmazonAWS.com",
  "https://metering.marketplace.us-east-1.amazonaws.com.",
  "https://metering-marketplace.us-east-1.api.aws",
  "https://metering.marketplace.cn-northwest-1.amazonaws.com.cn",
])("a sandbox does not send to %s", (address) => {
  for (const name of ["AWS_ENDPOINT_URL", "SELLER_EVENTS_QUEUE_URL"])
    expect(problems({ PORTAL_MODE: "sandbox", [name]: address })).toEqual([
      expect.stringContaining("points at the real AWS"),
    ]);
});

test(".env.example lists exactly the variables the portal reads", () => {
  const example = readFileSync(new URL("../.env.example", import.meta.url), "utf8");
  const listed = [...example.matchAll(/^#? ?([A-Z][A-Z0-9_]+)=/gm)].map(([, name]) => name);
  expect(listed.toSorted()).toEqual(ENV_NAMES.toSorted());
});
