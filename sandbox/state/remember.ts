import type { Database, TrackedTable } from "./database.ts";

/** More than this is not worth remembering: everything is forgotten, and learnt again. */
const MOST_REMEMBERED = 10_000;

type Memory = { version: string; values: Map<string, unknown> };
const memories = new WeakMap<Database, Map<string, Memory>>();

/**
 * What `read` answered the last time for this key, as long as nothing was written to these tables since.
 * @param topic names the question, so that two questions with the same key do not meet
 */
export function remember<Value>(
  db: Database,
  topic: string,
  tables: readonly TrackedTable[],
  key: string,
  read: () => Value,
): Value {
  const topics = memories.get(db) ?? new Map<string, Memory>();
  memories.set(db, topics);
  const version = tables.map((table) => db.version(table)).join(" ");
  let memory = topics.get(topic);
  if (memory?.version !== version || memory.values.size > MOST_REMEMBERED) {
    memory = { version, values: new Map() };
    topics.set(topic, memory);
  }
  if (!memory.values.has(key)) memory.values.set(key, read());
  // Kept under the topic by the same reader only.
  return memory.values.get(key) as Value;
}
