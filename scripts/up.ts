import path from "node:path";
import { ensureBuild, NEXT } from "./build.ts";
import { ensureDatabase } from "./databases.ts";
import { deployMigrations } from "./migrations/deploy.ts";
import { startPostgres } from "./postgres.ts";
import { ROOT } from "./root.ts";
import { StartError } from "./start-error.ts";
import { type Child, startChild } from "./up/child.ts";
import { childEnvironment, childVariables } from "./up/environment.ts";
import { portalArguments } from "./up/portal-arguments.ts";
import { stopLeftovers, writeEnvironment, writeRunFile } from "./up/run-file.ts";
import { readSettings, refuseTakenPorts, type Settings } from "./up/settings.ts";
import { signInLine } from "./up/sign-in-line.ts";
import { createStopper, type Stopper } from "./up/stopper.ts";
import { takeFolder } from "./up/take-folder.ts";
import { waitUntilReady } from "./up/wait-until-ready.ts";

// npm run up: everything from nothing to a portal that answers. npm run dev is the same with hot reload.
const began = Date.now();
const stopper = createStopper();
try {
  await up(readSettings(process.env), process.argv.includes("--dev"), stopper);
} catch (error) {
  if (!stopper.stopping) {
    console.error(error instanceof StartError ? error.message : error);
    await stopper.stopAll(1);
  }
}

async function up(settings: Settings, dev: boolean, { add }: Stopper): Promise<void> {
  const { env } = settings;
  add(await takeFolder(env.DATA_DIR, env.APP_URL));
  const leftovers = await stopLeftovers(env.DATA_DIR);
  if (leftovers.length) console.log(`stopped what an earlier run left behind: ${leftovers.join(", ")}`);
  await refuseTakenPorts(settings);

  const databaseUrl = await openDatabase(settings, add);
  const applied = await deployMigrations(databaseUrl);
  console.log(applied.length ? `database: applied ${applied.join(", ")}` : "database: up to date");
  if (!dev) await ensureBuild();

  const variables = childVariables(settings, databaseUrl, process.env);
  const childEnv = childEnvironment(settings, variables);
  writeEnvironment(env.DATA_DIR, variables);
  const children: Child[] = [];
  const start = (name: string, args: string[], graceMs: number, childVars: NodeJS.ProcessEnv): Child => {
    const child = startChild(name, args, childVars);
    children.push(child);
    const note = { pid: process.pid, url: env.APP_URL, children };
    writeRunFile(env.DATA_DIR, { ...note, stopping: false });
    add(() => {
      writeRunFile(env.DATA_DIR, { ...note, stopping: true });
      return child.stop(graceMs);
    });
    void child.ended.then((how) => stopBecause(`The ${name} stopped (${how}); stopping everything.`));
    return child;
  };

  if (settings.withSandbox) {
    const sandbox = start("sandbox", [path.join(ROOT, "sandbox", "main.ts")], 2_000, childEnv);
    await waitUntilReady(sandbox, `http://127.0.0.1:${env.SANDBOX_PORT}/_sandbox/clock`);
  }
  const next = dev
    ? [NEXT, "dev", "--hostname", env.HOST, "--port", String(env.PORT)]
    : portalArguments(env.HOST, env.PORT);
  const portal = start("portal", next, 6_000, {
    ...childEnv,
    NODE_ENV: dev ? "development" : "production",
    // Next would end the process at once; the worker inside first finishes what is with AWS (lib/jobs).
    ...(dev ? {} : { NEXT_MANUAL_SIG_HANDLE: "1" }),
  });
  await waitUntilReady(portal, `http://${loopbackOf(env.HOST)}:${env.PORT}/api/ready`);

  const signIn = await signInLine(env.APP_URL, childEnv);
  console.log("");
  console.log(`portal      ${env.APP_URL}/admin`);
  if (settings.withSandbox)
    console.log(`storefront  http://localhost:${env.SANDBOX_PORT} (AWS Marketplace, played by the sandbox)`);
  console.log(`            ${signIn}`);
  console.log(`ready in ${Math.round((Date.now() - began) / 1000)} s; Ctrl-C stops everything`);
}

async function openDatabase({ env }: Settings, add: Stopper["add"]): Promise<string> {
  if (env.DATABASE_URL) return env.DATABASE_URL;
  console.log("starting PostgreSQL …");
  const server = await startPostgres({ dataDir: env.DATA_DIR, durable: true });
  add(() => server.stop());
  if (server.adopted)
    console.log(`adopted the PostgreSQL that an earlier run left behind (pid ${server.pid})`);
  await ensureDatabase(server.url("portal"));
  return server.url("portal");
}

function stopBecause(reason: string): void {
  if (stopper.stopping) return;
  console.error(reason);
  void stopper.stopAll(1);
}

/** A server that listens on every address is asked on this machine's own. */
function loopbackOf(host: string): string {
  if (host === "0.0.0.0") return "127.0.0.1";
  return host === "::" ? "[::1]" : host;
}
