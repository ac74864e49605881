import { type Env, parseEnv } from "#lib/env.ts";
import { isPortFree } from "../ports.ts";
import { StartError } from "../start-error.ts";

/** What a start goes by: the checked environment, and which parts of it we bring along. */
export interface Settings {
  env: Env;
  /** We start the sandbox: in sandbox mode, unless another stand-in for AWS is given from outside. */
  withSandbox: boolean;
}

type Source = Record<string, string | undefined>;

/** Reads the environment for `npm run up`. Every mistake is one line of the thrown `StartError`. */
export function readSettings(source: Source): Settings {
  const parsed = parseEnv({ ...source, PORTAL_MODE: source.PORTAL_MODE || "sandbox" });
  if (!parsed.ok) throw new StartError(parsed.problems.join("\n"));
  const { env } = parsed;
  const given = env.AWS_ENDPOINT_URL_MARKETPLACE_METERING ?? env.AWS_ENDPOINT_URL;
  const withSandbox = env.PORTAL_MODE === "sandbox" && given === undefined;
  if (withSandbox && env.PORT === env.SANDBOX_PORT) {
    throw new StartError(
      `PORT and SANDBOX_PORT are both ${env.PORT}: choose two, for example SANDBOX_PORT=4000`,
    );
  }
  return { env, withSandbox };
}

/** Refuses to start when another program listens where the portal or the sandbox would. */
export async function refuseTakenPorts({ env, withSandbox }: Settings): Promise<void> {
  if (!(await isPortFree(env.PORT, env.HOST))) throw taken("PORT", env.PORT);
  if (withSandbox && !(await isPortFree(env.SANDBOX_PORT))) throw taken("SANDBOX_PORT", env.SANDBOX_PORT);
}

function taken(variable: string, port: number): StartError {
  const other = port < 65_000 ? port + 10 : port - 10;
  return new StartError(
    `Port ${port} is taken by another program. Choose another one with ${variable}, for example: ${variable}=${other} npm run up`,
  );
}
