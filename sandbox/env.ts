import { resolve } from "node:path";
import { z } from "zod";

/** What the sandbox needs to know to start. */
export type SandboxSettings = {
  readonly port: number;
  /** Where it listens: this machine only unless told. */
  readonly host: string;
  /** Absolute folder that holds `sandbox/state.sqlite`. */
  readonly dataDir: string;
  /** The portal the storefront sends buyers to; undefined when the sandbox stands alone. */
  readonly portalUrl: string | undefined;
  /** Bearer secret of the portal's event door. */
  readonly eventsSecret: string | undefined;
  /** API key for the portal's clock and reset doors. */
  readonly doorKey: string | undefined;
  /** The AWS account that published the products; it stands in every event's envelope. */
  readonly sellerAccountId: string;
};

const SELLER_ACCOUNT_ID = "719384206615";

const blankIsAbsent = (value: unknown) => (value === "" ? undefined : value);

const Environment = z.object({
  SANDBOX_PORT: z.preprocess(
    blankIsAbsent,
    z.coerce
      .number("must be a port number between 1 and 65535")
      .int("must be a port number between 1 and 65535")
      .min(1, "must be a port number between 1 and 65535")
      .max(65_535, "must be a port number between 1 and 65535")
      .default(4000),
  ),
  SANDBOX_HOST: z.preprocess(
    blankIsAbsent,
    z
      .string()
      .regex(/^[\w.:-]+$/, "must be an address to listen on such as 127.0.0.1 or 0.0.0.0")
      .default("127.0.0.1"),
  ),
  DATA_DIR: z.preprocess(blankIsAbsent, z.string().default(".data")),
  PORTAL_URL: z.preprocess(
    blankIsAbsent,
    z
      .url({ protocol: /^https?$/, error: "must be a web address such as http://127.0.0.1:3000" })
      .transform((url) => url.replace(/\/+$/, ""))
      .optional(),
  ),
  SELLER_EVENTS_SECRET: z.preprocess(blankIsAbsent, z.string().optional()),
  SANDBOX_DOOR_KEY: z.preprocess(blankIsAbsent, z.string().optional()),
  SELLER_ACCOUNT_ID: z.preprocess(
    blankIsAbsent,
    z
      .string()
      .regex(/^\d{12}$/, "must be an AWS account id: 12 digits")
      .default(SELLER_ACCOUNT_ID),
  ),
  PORTAL_MODE: z.preprocess(
    blankIsAbsent,
    z
      .enum(["sandbox"], "is not sandbox: the sandbox stands in for AWS and never runs beside a live portal")
      .optional(),
  ),
});

export type ReadSettings = { ok: true; settings: SandboxSettings } | { ok: false; mistakes: string[] };

/**
 * Reads the environment. Every mistake is one line that names its variable.
 * `SELLER_EVENTS_SECRET` may hold two values while it is being rotated; the first one signs.
 */
export function readSettings(environment: Record<string, string | undefined>): ReadSettings {
  const parsed = Environment.safeParse(environment);
  if (!parsed.success) {
    return {
      ok: false,
      mistakes: parsed.error.issues.map((issue) => `${issue.path.join(".")} ${issue.message}`),
    };
  }
  const values = parsed.data;
  return {
    ok: true,
    settings: {
      port: values.SANDBOX_PORT,
      host: values.SANDBOX_HOST,
      dataDir: resolve(values.DATA_DIR),
      portalUrl: values.PORTAL_URL,
      eventsSecret: values.SELLER_EVENTS_SECRET?.split(",")[0]?.trim(),
      doorKey: values.SANDBOX_DOOR_KEY,
      sellerAccountId: values.SELLER_ACCOUNT_ID,
    },
  };
}
