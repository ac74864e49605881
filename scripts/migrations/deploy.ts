import { createHash, randomUUID } from "node:crypto";
import type pg from "pg";
import { ensureDatabase, withClient } from "../databases.ts";
import { StartError } from "../start-error.ts";
import { listMigrations, type Migration } from "./files.ts";

/** Only the deploys of this project compete for this number. */
const DEPLOY_LOCK = 7_271_120;

/**
 * Brings a database (made when it does not exist) to the newest migration and returns the names it applied. Each
 * migration is one transaction: it is there with its note, or not at all. Several deploys at once are safe: one works,
 * the others wait for it and find nothing left to do.
 *
 * The notes are Prisma's own table, so Prisma's command understands such a database. Its engine is not used here: with
 * a driver adapter it cuts scripts at every semicolon, also inside functions, and holds no transaction around them.
 */
export async function deployMigrations(url: string, prismaFolder?: string): Promise<string[]> {
  await ensureDatabase(url);
  return withClient(url, async (client) => {
    await client.query("select pg_advisory_lock($1)", [DEPLOY_LOCK]); // let go when the connection closes
    await client.query(NOTES_TABLE);
    const noted = await readNotes(client);
    const applied: string[] = [];
    for (const migration of listMigrations(prismaFolder)) {
      const checksum = createHash("sha256").update(migration.script).digest("hex");
      const note = noted.get(migration.name);
      if (note === undefined) {
        await apply(client, migration, checksum);
        applied.push(migration.name);
      } else if (note !== checksum) {
        throw new StartError(
          `The migration ${migration.name} was changed after this database had applied it. ` +
            "Put it back as it was and write a new one (npm run db:new -- <name>).",
        );
      }
    }
    return applied;
  });
}

async function readNotes(client: pg.Client): Promise<Map<string, string>> {
  const { rows } = await client.query<{ name: string; checksum: string; finished: boolean }>(
    `select migration_name as name, checksum, finished_at is not null as finished
     from _prisma_migrations where rolled_back_at is null`,
  );
  const broken = rows.find((row) => !row.finished);
  if (broken) {
    throw new StartError(
      `The migration ${broken.name} was begun here by another program and never finished.`,
    );
  }
  return new Map(rows.map((row) => [row.name, row.checksum]));
}

async function apply(client: pg.Client, { name, script }: Migration, checksum: string): Promise<void> {
  try {
    await client.query("begin");
    await client.query(script);
    await client.query(
      `insert into _prisma_migrations (id, checksum, migration_name, started_at, finished_at, applied_steps_count)
       values ($1, $2, $3, now(), clock_timestamp(), 1)`,
      [randomUUID(), checksum, name],
    );
    await client.query("commit");
  } catch (error) {
    await client.query("rollback");
    throw new Error(`The migration ${name} failed, nothing of it was kept: ${(error as Error).message}`, {
      cause: error,
    });
  }
}

/** As Prisma makes it. */
const NOTES_TABLE = `create table if not exists _prisma_migrations (
  id varchar(36) primary key not null,
  checksum varchar(64) not null,
  finished_at timestamptz,
  migration_name varchar(255) not null,
  logs text,
  rolled_back_at timestamptz,
  started_at timestamptz not null default now(),
  applied_steps_count integer not null default 0
)`;
