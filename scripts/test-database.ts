import { randomBytes } from "node:crypto";
import { inject } from "vitest";
import { withClient, withDatabase } from "./databases.ts";

/**
 * A migrated, empty database of its own for a test file (`*.int.test.ts`); returns its connection string. Takes about
 * 50 ms: it is a clone. It is dropped when the whole run ends, so close your connections but do not bother to drop it.
 */
export async function testDatabase(): Promise<string> {
  const templateUrl = inject("templateUrl");
  const template = new URL(templateUrl).pathname.slice(1);
  const name = `${template}_${randomBytes(4).toString("hex")}`;
  await withClient(withDatabase(templateUrl, "postgres"), (client) =>
    client.query(`create database "${name}" template "${template}"`),
  );
  return withDatabase(templateUrl, name);
}
