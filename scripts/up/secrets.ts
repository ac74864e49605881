import { randomBytes } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { MADE_FOR_SANDBOX } from "#lib/env.ts";

const NAMES = ["NEXTAUTH_SECRET", "SELLER_EVENTS_SECRET", "SANDBOX_DOOR_KEY"] as const;

/**
 * The secrets a sandbox needs and nobody has to choose: made once into `DATA_DIR/secrets.json`, readable by us alone.
 * They begin with a word that live mode refuses.
 */
export function sandboxSecrets(dataDir: string): Record<(typeof NAMES)[number], string> {
  const file = path.join(dataDir, "secrets.json");
  const kept = readSecrets(file);
  const make = () => `${MADE_FOR_SANDBOX}${randomBytes(32).toString("base64url")}`;
  const secrets = {
    NEXTAUTH_SECRET: kept.NEXTAUTH_SECRET ?? make(),
    SELLER_EVENTS_SECRET: kept.SELLER_EVENTS_SECRET ?? make(),
    SANDBOX_DOOR_KEY: kept.SANDBOX_DOOR_KEY ?? make(),
  };
  if (NAMES.some((name) => kept[name] !== secrets[name])) {
    mkdirSync(dataDir, { recursive: true });
    writeFileSync(file, `${JSON.stringify(secrets, null, 2)}\n`, { mode: 0o600 });
  }
  return secrets;
}

function readSecrets(file: string): Partial<Record<(typeof NAMES)[number], string>> {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    return {}; // absent, or cut off in the middle of its first writing
  }
}
