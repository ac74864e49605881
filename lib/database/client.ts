import { PrismaPg } from "@prisma/adapter-pg";
import { env } from "../env.ts";
import { Prisma, PrismaClient } from "./generated/client.ts";

export { Prisma };
/** A transaction, or the client itself: what a store writes through. */
export type Tx = Prisma.TransactionClient;

type Holder = { portalDatabase?: PrismaClient };

/** The process's one Prisma client. It hangs on globalThis because Next loads modules several times in one process. */
export function db(): PrismaClient {
  const holder = globalThis as Holder;
  holder.portalDatabase ??= new PrismaClient({
    adapter: new PrismaPg({ connectionString: databaseUrl(), max: 16, options: "-c timezone=UTC" }),
  });
  return holder.portalDatabase;
}

/** The connection string in use. Throws when there is none: `npm run up` starts a database of its own. */
export function databaseUrl(): string {
  const given = env().DATABASE_URL;
  if (!given)
    throw new Error(
      "DATABASE_URL is not set, and no embedded database was started: use npm run up, or set it",
    );
  return given;
}

/** Runs one decision in one transaction (READ COMMITTED). */
export function inTransaction<Value>(work: (tx: Tx) => Promise<Value>): Promise<Value> {
  return db().$transaction(work, { maxWait: 20_000, timeout: 60_000 });
}

export async function disconnect(): Promise<void> {
  const holder = globalThis as Holder;
  await holder.portalDatabase?.$disconnect();
  delete holder.portalDatabase;
}
