import type { Database, TrackedTable } from "./database.ts";

/** More than this is not worth remembering: everything is forgotten, and learnt again. */
const MOST_REMEMBERED = 10_000;

type Memory = { version: number; values: Map<string, unknown> };
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
  let topics = memories.get(db);
  if (!topics) {
    topics = new Map();
    memories.set(db, topics);
  }
  // Versions only grow: their sum changes when any of them does.
  let version = 0;
  for (const table of tables) version += db.version(table);
  let memory = topics.get(topic);
  if (memory?.version !== version || memory.values.size > MOST_REMEMBERED) {
    memory = { version, values: new Map() };
    topics.set(topic, memory);
  }
  const known = memory.values.get(key);
  // Kept under the topic by the same reader only.
  if (known !== undefined || memory.values.has(key)) return known as Value;
  const value = read();
  memory.values.set(key, value);
  return value;
}
