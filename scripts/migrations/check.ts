import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { dropDatabase, ensureDatabase, withClient, withDatabase } from "../databases.ts";
import { compareCatalogs, parseBeyondPrisma } from "./beyond-prisma.ts";
import { readCatalog } from "./catalog.ts";
import { deployMigrations } from "./deploy.ts";
import { migrationFiles, readIfThere } from "./files.ts";
import { diffSchemas } from "./schema-engine.ts";

/**
 * Builds one database from the migrations and one from schema.prisma alone, on the server of `url`, and returns what
 * differs, one line each; an empty list when all is well. Both databases are dropped again.
 */
export async function checkMigrations(url: string, prismaFolder?: string): Promise<string[]> {
  const files = migrationFiles(prismaFolder);
  const schema = readFileSync(files.schema, "utf8");
  const suffix = randomBytes(6).toString("hex");
  const migratedUrl = withDatabase(url, `check_migrated_${suffix}`);
  const schemaUrl = withDatabase(url, `check_schema_${suffix}`);
  try {
    await deployMigrations(migratedUrl, prismaFolder);
    await ensureDatabase(schemaUrl);
    const script = await diffSchemas(schemaUrl, undefined, schema);
    await withClient(schemaUrl, (client) => client.query(script));
    const complaints = compareCatalogs(
      await withClient(migratedUrl, readCatalog),
      await withClient(schemaUrl, readCatalog),
      parseBeyondPrisma(readIfThere(files.beyond) ?? ""),
    );
    if (await diffSchemas(schemaUrl, readIfThere(files.snapshot), schema)) {
      complaints.push(
        "migrations/.schema.prisma is behind schema.prisma: write the migration (npm run db:new -- <name>)",
      );
    }
    return complaints;
  } finally {
    await Promise.all([dropDatabase(migratedUrl), dropDatabase(schemaUrl)]);
  }
}
