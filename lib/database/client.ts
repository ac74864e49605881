import { PrismaPg } from "@prisma/adapter-pg";
import pg from "pg";
import { env } from "../env.ts";
import { Prisma, PrismaClient } from "./generated/client.ts";

export { Prisma };
/** A transaction, or the client itself: what a store writes through. */
export type Tx = Prisma.TransactionClient;

/** What a process holds of its database: Prisma and the hot statements share one pool. */
type Held = { prisma: PrismaClient; pool: pg.Pool; memory: Map<string, unknown> };
type Holder = { portalDatabase?: Held };

/** How long a transaction may stand still between two statements. */
const MOST_IDLE_MS = 60_000;
/** How long anybody waits for a free connection. */
const MOST_WAIT_MS = 20_000;

/** It hangs on globalThis because Next loads modules several times in one process. */
function held(): Held {
  const holder = globalThis as Holder;
  holder.portalDatabase ??= open();
  return holder.portalDatabase;
}

function open(): Held {
  const pool = new pg.Pool({
    connectionString: databaseUrl(),
    max: 16,
    // A process that stands still in a transaction (frozen, or cut off) gives up its locks: everybody else would wait.
    options: `-c timezone=UTC -c idle_in_transaction_session_timeout=${MOST_IDLE_MS}`,
    connectionTimeoutMillis: MOST_WAIT_MS,
  });
  // A connection that breaks is replaced by the next one; whoever uses it then is told by its own query. One that breaks
  // in the moment in which it is lent has nobody else who listens, and would end the whole process.
  pool.on("error", () => undefined);
  pool.on("connect", (connection) => connection.on("error", () => undefined));
  return { prisma: new PrismaClient({ adapter: new PrismaPg(pool) }), pool, memory: new Map() };
}

/** The process's one Prisma client. */
export function db(): PrismaClient {
  return held().prisma;
}

/** The connections themselves, for the hot statements (sql.ts). */
export function pool(): pg.Pool {
  return held().pool;
}

/** Something this process keeps beside its connections, made when it is first asked for, forgotten when they go. */
export function remembered<Value>(name: string, make: () => Value): Value {
  const { memory } = held();
  if (!memory.has(name)) memory.set(name, make());
  return memory.get(name) as Value;
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
  return db().$transaction(work, { maxWait: MOST_WAIT_MS, timeout: 60_000 });
}

export async function disconnect(): Promise<void> {
  const holder = globalThis as Holder;
  const open = holder.portalDatabase;
  delete holder.portalDatabase;
  await open?.prisma.$disconnect();
  await open?.pool.end();
}
