import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { StartError } from "../start-error.ts";
import { migrationFiles, readIfThere } from "./files.ts";
import { diffSchemas } from "./schema-engine.ts";

/**
 * Writes the next migration: what leads from the snapshot to schema.prisma. Returns its folder, or undefined when
 * there is nothing to do. `url` is any server (see diffSchemas). What Prisma cannot express is added to the file by hand.
 */
export async function writeMigration(
  url: string,
  name: string,
  prismaFolder?: string,
): Promise<string | undefined> {
  if (!/^[a-z0-9_]+$/.test(name)) {
    throw new StartError(
      "A migration's name is made of small letters, digits and _: npm run db:new -- add_notes",
    );
  }
  const files = migrationFiles(prismaFolder);
  const script = await diffSchemas(url, readIfThere(files.snapshot), readFileSync(files.schema, "utf8"));
  if (!script) return undefined;
  const stamp = new Date().toISOString().replace(/\D/g, "").slice(0, 14);
  const folder = path.join(files.migrations, `${stamp}_${name}`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, "migration.sql"), `${script}\n`);
  copyFileSync(files.schema, files.snapshot);
  return folder;
}
