// @ts-check
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { environmentOn } from "./npm.mjs";
import { runStep } from "./step.mjs";

/**
 * Generates the Prisma client into lib/database/generated when the schema or Prisma changed since the last time.
 * @param {string} root
 * @param {string} node
 */
export async function ensureClient(root, node) {
  const schema = path.join(root, "prisma", "schema.prisma");
  if (!existsSync(schema)) return;
  const prisma = path.join(root, "node_modules", "prisma");
  const now = createHash("sha256")
    .update(readFileSync(schema))
    .update(readFileSync(path.join(prisma, "package.json")))
    .digest("hex");
  const stamp = path.join(root, "node_modules", ".seller-portal", "client");
  const made = existsSync(path.join(root, "lib", "database", "generated", "client.ts"));
  if (made && existsSync(stamp) && readFileSync(stamp, "utf8") === now) return;

  const env = {
    ...environmentOn(node),
    // Prisma insists on a file here that it never runs for `generate`; without one it downloads an engine.
    PRISMA_SCHEMA_ENGINE_BINARY: process.env.PRISMA_SCHEMA_ENGINE_BINARY ?? import.meta.filename,
    PRISMA_HIDE_UPDATE_MESSAGE: "1",
    CHECKPOINT_DISABLE: "1",
  };
  const command = [path.join(prisma, "build", "index.js"), "generate"];
  await runStep("Generating the database client", node, command, { cwd: root, env });
  mkdirSync(path.dirname(stamp), { recursive: true });
  writeFileSync(stamp, now);
}
