import { randomBytes, scrypt, timingSafeEqual } from "node:crypto";
import { promisify } from "node:util";

const derive = promisify<string, Buffer, number, Buffer>(scrypt);

/** Hashes a password with scrypt and a salt of its own: "salt:hash" in base64url. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16);
  return `${salt.toString("base64url")}:${(await derive(password, salt, 32)).toString("base64url")}`;
}

/** Compares in constant time. With no stored hash it takes as long and says no: nobody learns which e-mails exist. */
export async function matchesPassword(password: string, stored: string | null): Promise<boolean> {
  const [salt, hash] = (stored ?? `${"A".repeat(22)}:${"A".repeat(43)}`).split(":");
  const expected = Buffer.from(hash ?? "", "base64url");
  const actual = await derive(password, Buffer.from(salt ?? "", "base64url"), 32);
  return stored !== null && expected.length === actual.length && timingSafeEqual(expected, actual);
}
