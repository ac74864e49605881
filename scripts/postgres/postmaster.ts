import { spawn, spawnSync } from "node:child_process";
import { closeSync, existsSync, openSync, readFileSync, renameSync, rmSync } from "node:fs";
import path from "node:path";
import { commandOf, diesWithin, endProcess, isAlive } from "../launch/processes.mjs";
import { type Binaries, findBinaries } from "./binaries.ts";
import { type ClusterFiles, postgresEnvironment } from "./cluster.ts";
import type { Runner } from "./runner.ts";

/** The server process of a cluster, as its own `postmaster.pid` names it. */
export interface Postmaster {
  pid: number;
  port: number;
}

/**
 * The server that runs on these files now, whoever started it. A pid file that a dead server left is none, and when
 * its pid belongs to a stranger today the file is removed: PostgreSQL would take the stranger for itself and refuse.
 */
export function findPostmaster(files: ClusterFiles): Postmaster | undefined {
  const pidFile = path.join(files.cluster, "postmaster.pid");
  if (!existsSync(pidFile)) return undefined;
  const lines = readFileSync(pidFile, "utf8").split("\n");
  const [pid, port] = [Number(lines[0]), Number(lines[3])];
  if (!Number.isInteger(pid) || pid <= 0 || !isAlive(pid)) return undefined;
  const command = commandOf(pid);
  if (command && !(command.includes("postgres") && command.includes(files.cluster))) {
    rmSync(pidFile);
    return undefined;
  }
  return { pid, port };
}

/**
 * Starts the server in a session of its own, so that Ctrl-C in the terminal reaches us alone and we stop it last.
 * Returns at once; the server may still be reading its files.
 */
export function launchPostmaster(
  files: ClusterFiles,
  binaries: Binaries,
  runner: Runner,
  settings: { port: number; durable: boolean },
): Postmaster {
  if (existsSync(files.log)) renameSync(files.log, `${files.log}.1`);
  const log = openSync(files.log, "a", 0o600);
  const [command = "", ...args] = [
    ...runner.prefix,
    binaries.postgres,
    "-D",
    files.cluster,
    ...serverSettings(settings).flatMap((setting) => ["-c", setting]),
  ];
  const server = spawn(command, args, {
    cwd: files.folder,
    env: postgresEnvironment(),
    detached: true,
    windowsHide: true,
    stdio: ["ignore", log, log],
    ...runner.as,
  });
  closeSync(log);
  server.on("error", () => undefined); // shows as a dead process, with its reason in the log
  server.unref();
  return { pid: server.pid ?? -1, port: settings.port };
}

/** Stops the server: running statements are rolled back, what was committed is written. Takes at most ~12 s. */
export async function stopPostmaster(files: ClusterFiles, postmaster: Postmaster): Promise<void> {
  if (process.platform === "win32") {
    spawnSync(findBinaries().pgCtl, ["stop", "-D", files.cluster, "-m", "fast", "-w"], {
      env: postgresEnvironment(),
    });
    await diesWithin(postmaster.pid, 2_000);
    return;
  }
  // PostgreSQL's meanings: SIGINT is its "fast shutdown", SIGQUIT its "immediate" one.
  await endProcess(postmaster.pid, [
    ["SIGINT", 8_000],
    ["SIGQUIT", 3_000],
    ["SIGKILL", 1_000],
  ]);
}

function serverSettings({ port, durable }: { port: number; durable: boolean }): string[] {
  return [
    `port=${port}`,
    "listen_addresses=127.0.0.1",
    "unix_socket_directories=",
    "timezone=UTC",
    "log_timezone=UTC",
    "max_connections=200",
    // The log must never hold what people and programs stored: no statements, no row contents.
    "log_min_error_statement=panic",
    "log_error_verbosity=terse",
    ...(durable ? [] : ["fsync=off", "synchronous_commit=off", "full_page_writes=off"]),
  ];
}
