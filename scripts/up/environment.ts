import { sandboxSecrets } from "./secrets.ts";
import type { Settings } from "./settings.ts";

type Variables = Record<string, string>;

/**
 * The variables the portal and the sandbox get on top of ours. What somebody set by hand wins over what is made up
 * here, except where it would lead a sandbox to the real AWS.
 */
export function childVariables(
  settings: Settings,
  databaseUrl: string,
  given: Record<string, string | undefined>,
): Variables {
  const { env, withSandbox } = settings;
  const secrets = env.PORTAL_MODE === "sandbox" ? sandboxSecrets(env.DATA_DIR) : {};
  const chosen = Object.entries(secrets).map(([name, made]) => [name, given[name] || made]);
  return {
    ...Object.fromEntries(chosen),
    PORTAL_MODE: env.PORTAL_MODE,
    HOST: env.HOST,
    PORT: String(env.PORT),
    SANDBOX_PORT: String(env.SANDBOX_PORT),
    DATA_DIR: env.DATA_DIR,
    DATABASE_URL: databaseUrl,
    APP_URL: env.APP_URL,
    NEXTAUTH_URL: env.APP_URL,
    PORTAL_URL: env.APP_URL, // what the sandbox sends buyers and events to
    EMBEDDED_WORKER: "true",
    NEXT_TELEMETRY_DISABLED: "1",
    ...(withSandbox ? sandboxInsteadOfAws(env.SANDBOX_PORT, env.AWS_REGION) : {}),
  };
}

/** The built-in sandbox takes any credentials, but the AWS SDK does not send a call without some. */
function sandboxInsteadOfAws(port: number, region: string): Variables {
  const address = `http://127.0.0.1:${port}`;
  return {
    SANDBOX_URL: `http://localhost:${port}`,
    AWS_ENDPOINT_URL_MARKETPLACE_METERING: address,
    AWS_ENDPOINT_URL_MARKETPLACE_ENTITLEMENT_SERVICE: address,
    AWS_REGION: region,
    AWS_ACCESS_KEY_ID: "sandbox",
    AWS_SECRET_ACCESS_KEY: "sandbox",
  };
}

/** Our environment without what would point the AWS SDK at somebody's real account, plus `variables`. */
export function childEnvironment(settings: Settings, variables: Variables): NodeJS.ProcessEnv {
  const env: NodeJS.ProcessEnv = { ...process.env };
  if (settings.withSandbox) {
    for (const name of ["AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_ROLE_ARN", "AWS_WEB_IDENTITY_TOKEN_FILE"])
      delete env[name];
  }
  return { ...env, ...variables };
}
