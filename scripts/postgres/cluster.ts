import { spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import { StartError } from "../start-error.ts";
import type { Binaries } from "./binaries.ts";
import type { Runner } from "./runner.ts";

/** The superuser of the embedded PostgreSQL, and the owner of everything in it. */
export const DATABASE_USER = "portal";
const MAJOR_VERSION = "18";

/** The files of one embedded PostgreSQL, all below `DATA_DIR/postgres`. */
export interface ClusterFiles {
  folder: string;
  cluster: string;
  port: string;
  password: string;
  log: string;
}

export function clusterFiles(dataDir: string): ClusterFiles {
  const folder = path.resolve(dataDir, "postgres");
  return {
    folder,
    cluster: path.join(folder, "cluster"),
    port: path.join(folder, "port"),
    password: path.join(folder, "password"),
    log: path.join(folder, "server.log"),
  };
}

/** The password of the superuser: made once, readable by us alone. */
export function ensurePassword(files: ClusterFiles): string {
  mkdirSync(files.folder, { recursive: true });
  if (!existsSync(files.password)) {
    writeFileSync(files.password, `${randomBytes(24).toString("base64url")}\n`, { mode: 0o600 });
  }
  return readFileSync(files.password, "utf8").trim();
}

/**
 * Creates the cluster's files unless they are there. They are made aside and renamed in the end, so that an
 * interrupted start leaves no half cluster.
 */
export function ensureCluster(
  files: ClusterFiles,
  binaries: Binaries,
  runner: Runner,
  durable: boolean,
): void {
  const version = readVersion(files.cluster);
  if (version === MAJOR_VERSION) return;
  if (version) {
    throw new StartError(
      `${files.cluster} belongs to PostgreSQL ${version}, this is PostgreSQL ${MAJOR_VERSION}. ` +
        "Dump it with the older version, or move that folder away to start empty.",
    );
  }
  const fresh = `${files.cluster}.new`;
  const passwordFile = `${fresh}.password`;
  rmSync(fresh, { recursive: true, force: true });
  mkdirSync(fresh, { mode: 0o700 });
  writeFileSync(passwordFile, readFileSync(files.password), { mode: 0o600 });
  if (runner.as) for (const file of [fresh, passwordFile]) chownSync(file, runner.as.uid, runner.as.gid);
  chmodSync(fresh, 0o700);
  try {
    initialise(fresh, passwordFile, binaries, runner, durable);
  } finally {
    rmSync(passwordFile, { force: true });
  }
  renameSync(fresh, files.cluster);
}

function initialise(
  fresh: string,
  passwordFile: string,
  binaries: Binaries,
  runner: Runner,
  durable: boolean,
): void {
  const [command = "", ...args] = [
    ...runner.prefix,
    binaries.initdb,
    `--pgdata=${fresh}`,
    `--username=${DATABASE_USER}`,
    `--pwfile=${passwordFile}`,
    "--auth=scram-sha-256",
    "--encoding=UTF8",
    "--locale=C",
    ...(durable ? [] : ["--no-sync"]),
  ];
  const run = spawnSync(command, args, {
    encoding: "utf8",
    env: postgresEnvironment(),
    cwd: path.dirname(fresh),
    ...runner.as,
  });
  if (run.status === 0) return;
  const reason = `${run.error?.message ?? ""}${run.stderr ?? ""}`.trim().split("\n").slice(-3).join(" ");
  const hint = runner.as
    ? " As root without user namespaces PostgreSQL runs as the user postgres, who must be able to enter every folder above this one."
    : "";
  throw new StartError(`PostgreSQL could not be set up in ${fresh}: ${reason}${hint}`);
}

/** What PostgreSQL's programs see of our environment: nothing of ours, and no locale that would change their messages. */
export function postgresEnvironment(): NodeJS.ProcessEnv {
  const kept = ["PATH", "HOME", "TMPDIR", "TEMP", "TMP", "SystemRoot", "LD_LIBRARY_PATH"];
  const given = kept.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]]));
  return { ...Object.fromEntries(given), LC_ALL: "C", TZ: "UTC" };
}

function readVersion(cluster: string): string | undefined {
  try {
    return readFileSync(path.join(cluster, "PG_VERSION"), "utf8").trim();
  } catch {
    return undefined;
  }
}
