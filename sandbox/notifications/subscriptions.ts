import { randomBytes } from "node:crypto";
import type { Database } from "../state/database.ts";
import { readSetting, writeSetting } from "../state/settings.ts";

/** Whether the portal has said yes to this topic. Nothing is sent to who has not. */
export function isConfirmed(db: Database, topic: string): boolean {
  return readSetting(db, `sns_confirmed:${topic}`) !== undefined;
}

/** The token that a subscriber confirms this topic with. */
export function subscriptionToken(db: Database, topic: string): string {
  const name = `sns_token:${topic}`;
  const known = readSetting(db, name);
  if (known) return known;
  const token = randomBytes(64).toString("hex");
  writeSetting(db, name, token);
  return token;
}

/** The subscriber says yes. False when token and topic do not belong together. */
export function confirmSubscription(db: Database, topic: string, token: string): boolean {
  if (token === "" || readSetting(db, `sns_token:${topic}`) !== token) return false;
  writeSetting(db, `sns_confirmed:${topic}`, new Date().toISOString());
  return true;
}
