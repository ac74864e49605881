import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";

/** The project's own `prisma` folder. */
export const PRISMA_FOLDER = path.resolve(import.meta.dirname, "..", "..", "prisma");

/** The files migrations are made of, below one `prisma` folder. */
export interface MigrationFiles {
  migrations: string;
  schema: string;
  /** The schema as of the newest migration: what the next one is compared with. Committed. */
  snapshot: string;
  beyond: string;
}

export function migrationFiles(prismaFolder: string = PRISMA_FOLDER): MigrationFiles {
  const migrations = path.join(prismaFolder, "migrations");
  return {
    migrations,
    schema: path.join(prismaFolder, "schema.prisma"),
    snapshot: path.join(migrations, ".schema.prisma"),
    beyond: path.join(prismaFolder, "beyond-prisma.txt"),
  };
}

export function readIfThere(file: string): string | undefined {
  return existsSync(file) ? readFileSync(file, "utf8") : undefined;
}

export interface Migration {
  name: string;
  script: string;
}

/** Every migration, in the order in which they are applied. */
export function listMigrations(prismaFolder?: string): Migration[] {
  const { migrations } = migrationFiles(prismaFolder);
  return readdirSync(migrations, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort()
    .map((name) => ({ name, script: readFileSync(path.join(migrations, name, "migration.sql"), "utf8") }));
}
