import { randomUUID } from "node:crypto";
import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { z } from "zod";
import { env } from "../env.ts";
import { describeError, log } from "../log.ts";
import { remembered } from "./client.ts";

/**
 * What a process knows that its database knew. It lies outside of the database, so that nothing that puts back the
 * database's files puts it back as well (docs/decisions/0009-witness.md).
 */
const Witness = z.object({
  /** The name of the database for good: its first life. */
  database: z.guid(),
  /** Its last life then: a restore that was noticed begins another. */
  life: z.guid(),
  /** The newest attempt that was on its disk; null: AWS was told nothing yet. */
  attempt: z.guid().nullable(),
  /** How far its write-ahead log was on its disk (pg_lsn): in one life it never goes back. */
  position: z
    .string()
    .regex(/^[0-9A-F]{1,8}\/[0-9A-F]{1,8}$/i)
    .nullable()
    .default(null),
});
export type Witness = z.infer<typeof Witness>;

/** How often it is written to its file while calls follow each other, and while only the log goes on. */
const KEEP_EVERY_MS = 1_000;
const KEEP_POSITION_EVERY_MS = 30_000;

type Memory = {
  witness: Witness | null;
  folder: string;
  /** What lies in the file, by this process's doing, and since when. */
  kept: Witness | null;
  keptAt: number;
  writing: Promise<void>;
  hasWarned: boolean;
};
const memory = () =>
  remembered<Memory>("database.witness", () => ({
    witness: null,
    folder: path.join(env().DATA_DIR, "witness"),
    kept: null,
    keptAt: Number.NEGATIVE_INFINITY,
    writing: Promise.resolve(),
    hasWarned: false,
  }));

/** What this process has seen; null: nothing yet. */
export function witness(): Witness | null {
  return memory().witness;
}

/** Remembers what was seen on the database's disk, in a transaction that has ended well, and keeps it for those who start later. */
export function bearWitness(seen: Witness): void {
  const held = memory();
  if (!held.witness && seen.attempt) warnOnce(held, "witness.none");
  held.witness = seen;
  if (performance.now() - held.keptAt >= KEEP_EVERY_MS) void keepWitness();
}

/** Writes it to its file, unless all but how far the log went is there already. Whoever comes to the end of what it did waits for this; it never fails. */
export function keepWitness(): Promise<void> {
  const held = memory();
  held.writing = held.writing.then(async () => {
    const { witness, kept } = held;
    const isOld = performance.now() - held.keptAt >= KEEP_POSITION_EVERY_MS;
    if (!witness || (!isOld && kept?.life === witness.life && kept.attempt === witness.attempt)) return;
    held.keptAt = performance.now();
    try {
      await write(fileOf(held, witness.database), JSON.stringify(witness));
      held.kept = witness;
    } catch (error) {
      warnOnce(held, "witness.not_kept", describeError(error));
    }
  });
  return held.writing;
}

/** Takes up what was kept of a database by a process that is gone, or by a neighbour with the same DATA_DIR. */
export async function recallWitness(database: string): Promise<void> {
  const held = memory();
  try {
    const found = Witness.parse(JSON.parse(await readFile(fileOf(held, database), "utf8")));
    if (found.database === database) held.witness ??= found;
  } catch (error) {
    if (!isAbsent(error)) warnOnce(held, "witness.unreadable", describeError(error));
  }
}

const fileOf = ({ folder }: Memory, database: string) => path.join(folder, `${database}.json`);

/** Whole or not at all, whoever else writes or reads it. */
async function write(file: string, text: string): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true });
  const fresh = `${file}.${randomUUID()}`;
  try {
    await writeFile(fresh, text, { flush: true });
    await rename(fresh, file);
  } finally {
    await rm(fresh, { force: true });
  }
}

function warnOnce(held: Memory, code: string, why: { error?: string } = {}): void {
  if (!held.hasWarned) log.warn(code, { folder: held.folder, ...why });
  held.hasWarned = true;
}

const isAbsent = (error: unknown) => error instanceof Error && "code" in error && error.code === "ENOENT";
