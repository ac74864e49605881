import path from "node:path";
import { z } from "zod";

/**
 * The environment, parsed once at start (docs: README, `.env.example`). Only this file reads process.env; every mistake
 * becomes one clear line. The rules between variables keep a sandbox away from real money and a live portal away from
 * made-up secrets.
 */

const port = (fallback: number) =>
  z.coerce
    .number("must be a port number, for example 3000")
    .int("must be a port number, for example 3000")
    .min(1, "must be between 1 and 65535")
    .max(65535, "must be between 1 and 65535")
    .default(fallback);
const url = z.url({ protocol: /^https?$/, error: "must be an http or https address" });
const flag = z.enum(["true", "false"], "must be true or false").transform((word) => word === "true");
/** Two values, separated by a comma, while a secret is being changed: the first signs, both are accepted. */
const secrets = z
  .string()
  .transform((text) => text.split(",").map((part) => part.trim()))
  .refine((list) => list.length <= 2 && list.every((secret) => secret.length >= 24), {
    error: "must be one secret of at least 24 characters, or two separated by a comma while changing it",
  });
/** A region as AWS names it. */
export const AwsRegion = z
  .string()
  .regex(/^[a-z]{2}(-[a-z]+)+-\d$/, "must be a region name such as us-east-1");
const topics = z
  .string()
  .transform((text) => text.split(",").map((part) => part.trim()))
  .refine((list) => list.every((topic) => /^arn:aws(-cn)?:sns:[a-z0-9-]+:\d{12}:[\w-]+$/.test(topic)), {
    error: "must be topic ARNs separated by commas, as your product's page names them",
  });

const schema = z.object({
  PORTAL_MODE: z.enum(["sandbox", "live"], "must be sandbox or live: say which one this is"),
  HOST: z.string().min(1).optional(),
  PORT: port(3000),
  SANDBOX_PORT: port(4000),
  SANDBOX_HOST: z.string().min(1).optional(),
  DATA_DIR: z
    .string()
    .default(".data")
    .transform((folder) => path.resolve(folder)),
  DATABASE_URL: z
    .string()
    .regex(/^postgres(ql)?:\/\//, "must begin with postgresql://")
    .optional(),
  TEST_DATABASE_URL: z
    .string()
    .regex(/^postgres(ql)?:\/\//, "must begin with postgresql://")
    .optional(),
  APP_URL: url.optional(),
  NEXTAUTH_SECRET: secrets.optional(),
  ADMIN_EMAIL: z.email("must be an e-mail address").optional(),
  ADMIN_PASSWORD: z.string().min(12, "must have at least 12 characters").optional(),
  BOOTSTRAP_API_KEY: z.string().min(24, "must have at least 24 characters").optional(),
  EMBEDDED_WORKER: flag.default(false),
  LOG_LEVEL: z.enum(["debug", "info", "warn", "error"], "must be debug, info, warn or error").default("info"),
  AWS_REGION: AwsRegion.default("us-east-1"),
  AWS_ENDPOINT_URL: url.optional(),
  AWS_ENDPOINT_URL_MARKETPLACE_METERING: url.optional(),
  AWS_ENDPOINT_URL_MARKETPLACE_ENTITLEMENT_SERVICE: url.optional(),
  SELLER_ACCOUNT_ID: z
    .string()
    .regex(/^\d{12}$/, "must be the twelve digits of the AWS account that publishes your products")
    .optional(),
  SELLER_EVENTS_SECRET: secrets.optional(),
  SELLER_EVENTS_QUEUE_URL: url.optional(),
  SELLER_SNS_TOPICS: topics.optional(),
  AWS_ENDPOINT_URL_SQS: url.optional(),
  ALERT_WEBHOOK_URL: url.optional(),
  METRICS_TOKEN: z.string().min(24, "must have at least 24 characters").optional(),
  SANDBOX_URL: url.optional(),
  SANDBOX_DOOR_KEY: z.string().min(24, "must have at least 24 characters").optional(),
  SANDBOX_CLOCK: z.literal("unfollowed", "can only be unfollowed").optional(),
});

export type Env = Omit<z.infer<typeof schema>, "HOST" | "APP_URL"> & { HOST: string; APP_URL: string };

/** The names that `.env.example` has to list. */
export const ENV_NAMES = Object.keys(schema.shape);

type Source = Record<string, string | undefined>;

/**
 * Reads a set of variables. An empty value counts as absent.
 * @returns the environment, or every mistake as a line that names the variable and says what to write.
 */
export function parseEnv(source: Source): { ok: true; env: Env } | { ok: false; problems: string[] } {
  const given = Object.fromEntries(
    Object.entries(source).filter(([, value]) => value !== undefined && value !== ""),
  );
  const parsed = schema.safeParse(given);
  if (!parsed.success) {
    return {
      ok: false,
      problems: parsed.error.issues.map((issue) => `${issue.path.join(".")} ${issue.message}`),
    };
  }
  const { HOST, APP_URL, ...rest } = parsed.data;
  const problems = rest.PORTAL_MODE === "live" ? liveProblems(rest, APP_URL) : sandboxProblems(rest);
  if (problems.length > 0) return { ok: false, problems };
  const host = HOST ?? (rest.PORTAL_MODE === "live" ? "0.0.0.0" : "127.0.0.1");
  return { ok: true, env: { ...rest, HOST: host, APP_URL: APP_URL ?? `http://127.0.0.1:${rest.PORT}` } };
}

type Parsed = Omit<z.infer<typeof schema>, "HOST" | "APP_URL">;

/** Secrets that `npm run up` made for a sandbox begin with this word, so that they cannot slip into a live portal. */
export const MADE_FOR_SANDBOX = "sandbox-";

const ENDPOINTS = [
  "AWS_ENDPOINT_URL",
  "AWS_ENDPOINT_URL_MARKETPLACE_METERING",
  "AWS_ENDPOINT_URL_MARKETPLACE_ENTITLEMENT_SERVICE",
  "AWS_ENDPOINT_URL_SQS",
  "SELLER_EVENTS_QUEUE_URL",
] as const;

function liveProblems(env: Parsed, appUrl: string | undefined): string[] {
  const problems: string[] = [];
  if (!appUrl)
    problems.push(
      "APP_URL must be the address buyers reach the portal at, for example https://portal.example.com",
    );
  for (const name of ["NEXTAUTH_SECRET", "SELLER_EVENTS_SECRET"] as const) {
    const values = env[name];
    if (!values)
      problems.push(`${name} must be set in live mode: write a random value of 32 characters or more`);
    else if (values.some((value) => value.startsWith(MADE_FOR_SANDBOX)))
      problems.push(`${name} was made for a sandbox: write a new random value for live mode`);
  }
  for (const name of ENDPOINTS) {
    const endpoint = env[name];
    if (!endpoint) continue;
    if (isLoopback(new URL(endpoint).hostname))
      problems.push(`${name} points at this machine: live mode talks to AWS only`);
    else if (!endpoint.startsWith("https:")) problems.push(`${name} must use https in live mode`);
  }
  for (const name of [
    "BOOTSTRAP_API_KEY",
    "SANDBOX_DOOR_KEY",
    "SANDBOX_CLOCK",
    "SANDBOX_URL",
    "SANDBOX_HOST",
  ] as const) {
    if (env[name]) problems.push(`${name} is for sandbox mode only: remove it`);
  }
  return problems;
}

function sandboxProblems(env: Parsed): string[] {
  const problems: string[] = [];
  for (const name of ENDPOINTS) {
    const endpoint = env[name];
    if (endpoint && isRealAws(new URL(endpoint).hostname))
      problems.push(
        `${name} points at the real AWS: a sandbox never calls it. Set PORTAL_MODE=live or remove the variable`,
      );
  }
  return problems;
}

function isLoopback(host: string): boolean {
  return (
    host === "localhost" ||
    host.endsWith(".localhost") ||
    host === "[::1]" ||
    /^127\./.test(host) ||
    host === "0.0.0.0"
  );
}

function isRealAws(host: string): boolean {
  return /(^|\.)(amazonaws\.com|amazonaws\.com\.cn|amazonaws\.eu|api\.aws|api\.amazonwebservices\.com\.cn|aws\.dev)\.?$/.test(
    host,
  );
}

/** Where the AWS clients of this process send; in sandbox mode there is always an answer, and never a real AWS host. */
export function endpointFor(
  service: "MARKETPLACE_METERING" | "MARKETPLACE_ENTITLEMENT_SERVICE" | "SQS",
  current: Env,
): string | undefined {
  const given = current[`AWS_ENDPOINT_URL_${service}`] ?? current.AWS_ENDPOINT_URL;
  if (given || current.PORTAL_MODE === "live") return given;
  return `http://127.0.0.1:${current.SANDBOX_PORT}`;
}

type Holder = { portalEnv?: Env };

/** The environment of this process. Throws an EnvError that lists every mistake. */
export function env(): Env {
  const holder = globalThis as Holder;
  if (!holder.portalEnv) {
    const parsed = parseEnv(process.env);
    if (!parsed.ok) throw new EnvError(parsed.problems);
    holder.portalEnv = parsed.env;
  }
  return holder.portalEnv;
}

export class EnvError extends Error {
  readonly problems: string[];
  constructor(problems: string[]) {
    super(problems.join("\n"));
    this.problems = problems;
  }
}
