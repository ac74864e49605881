import { generateKeyPairSync } from "node:crypto";
import type { Database } from "../state/database.ts";
import { readSetting, writeSetting } from "../state/settings.ts";
import { selfSigned } from "./certificate.ts";

const KEY = "sns_private_key";
const CERTIFICATE = "sns_certificate";

/** The key that signs notifications and its certificate (PEM), made when they are first needed and kept. */
export function signingKey(db: Database): { privateKey: string; certificate: string } {
  const known = { privateKey: readSetting(db, KEY), certificate: readSetting(db, CERTIFICATE) };
  if (known.privateKey && known.certificate)
    return { privateKey: known.privateKey, certificate: known.certificate };
  const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const pem = privateKey.export({ type: "pkcs8", format: "pem" }).toString();
  const certificate = selfSigned(privateKey, publicKey, "sns.us-east-1.amazonaws.com");
  writeSetting(db, KEY, pem);
  writeSetting(db, CERTIFICATE, certificate);
  return { privateKey: pem, certificate };
}
