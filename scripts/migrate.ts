import path from "node:path";
import { checkMigrations } from "./migrations/check.ts";
import { deployMigrations } from "./migrations/deploy.ts";
import { writeMigration } from "./migrations/new-migration.ts";
import { runCommand } from "./run-command.ts";
import { StartError } from "./start-error.ts";
import { startThrowawayPostgres } from "./throwaway-postgres.ts";

const USAGE = "migrate.ts deploy (with DATABASE_URL) | new <name> | check";

/** `deploy` brings DATABASE_URL up to date, `new` writes the next migration, `check` compares migrations and schema. */
async function main([command, name]: string[]): Promise<number> {
  switch (command) {
    case "deploy": {
      const url = process.env.DATABASE_URL;
      if (!url) throw new StartError("Set DATABASE_URL to the database to bring up to date.");
      const applied = await deployMigrations(url);
      console.log(applied.length ? `applied ${applied.join(", ")}` : "the database is up to date");
      return 0;
    }
    case "new": {
      if (!name) throw new StartError("Give the migration a name: npm run db:new -- add_notes");
      const folder = await withServer((url) => writeMigration(url, name));
      console.log(
        folder ? `wrote ${path.relative(process.cwd(), folder)}` : "schema.prisma holds nothing new",
      );
      return 0;
    }
    case "check": {
      const complaints = await withServer(checkMigrations);
      console.log(complaints.length ? complaints.join("\n") : "schema.prisma and the migrations agree");
      return complaints.length ? 1 : 0;
    }
    default:
      throw new StartError(`Usage: ${USAGE}`);
  }
}

async function withServer<T>(work: (url: string) => Promise<T>): Promise<T> {
  const server = await startThrowawayPostgres();
  try {
    return await work(server.url);
  } finally {
    await server.stop();
  }
}

await runCommand(main);
