import { verify, X509Certificate } from "node:crypto";
import { z } from "zod";
import { env } from "../env.ts";
import { failed, ok, type Result } from "../result.ts";

/** What SNS posts to a subscriber (SNS guide: "HTTP/HTTPS notification JSON format"). Member names are AWS's. */
export const SnsMessage = z.object({
  Type: z.enum(["Notification", "SubscriptionConfirmation", "UnsubscribeConfirmation"]),
  MessageId: z.string().min(1).max(200),
  TopicArn: z.string().min(1).max(300),
  Message: z.string(),
  Timestamp: z.iso.datetime({ offset: true }),
  Subject: z.string().nullish(),
  Token: z.string().optional(),
  SubscribeURL: z.string().optional(),
  SignatureVersion: z.enum(["1", "2"]),
  Signature: z.base64(),
  SigningCertURL: z.string(),
});
export type SnsMessage = z.infer<typeof SnsMessage>;

const PATIENCE_MS = 10_000;
const MOST_CERTIFICATES = 20;
const SIGNED_NAMES = {
  Notification: ["Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type"],
  confirmation: ["Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"],
} as const;

/**
 * Whether AWS wrote this message (SNS guide: "Verifying the signatures of messages"): both versions of the signature,
 * with a certificate that comes from SNS itself and is valid now.
 * @returns `forged` when it did not; `unreachable` when the certificate cannot be read now, so that SNS sends again.
 */
export async function checkSnsSignature(
  message: SnsMessage,
): Promise<Result<true, "forged" | "unreachable">> {
  if (!isSnsAddress(message.SigningCertURL) || !new URL(message.SigningCertURL).pathname.endsWith(".pem"))
    return failed("forged", "its certificate does not come from SNS");
  const pem = await readCertificate(message.SigningCertURL);
  if (pem === null) return failed("unreachable", "the certificate of SNS cannot be read");
  const algorithm = message.SignatureVersion === "1" ? "RSA-SHA1" : "RSA-SHA256";
  try {
    const certificate = new X509Certificate(pem);
    const now = Date.now();
    if (now < certificate.validFromDate.getTime() || now > certificate.validToDate.getTime())
      return failed("forged", "its certificate is not valid today");
    const signature = Buffer.from(message.Signature, "base64");
    const isOurs = verify(algorithm, Buffer.from(stringToSign(message)), certificate.publicKey, signature);
    return isOurs ? ok(true) : failed("forged", "its signature does not match");
  } catch {
    return failed("forged", "its certificate cannot be read");
  }
}

/** Says yes to a subscription that SNS asked about. False: it could not be told; SNS asks again. */
export async function confirmSnsSubscription(message: SnsMessage): Promise<boolean> {
  if (!message.SubscribeURL || !isSnsAddress(message.SubscribeURL)) return false;
  return (await get(message.SubscribeURL)) !== null;
}

/** Names and values, each on its own line, in byte order; a name without a value is left out. */
function stringToSign(message: SnsMessage): string {
  const names = message.Type === "Notification" ? SIGNED_NAMES.Notification : SIGNED_NAMES.confirmation;
  return names
    .filter((name) => typeof message[name] === "string")
    .map((name) => `${name}\n${message[name]}\n`)
    .join("");
}

/** SNS's own hosts, over https; in sandbox mode also the stand-in on this machine. Everything else is somebody else's. */
function isSnsAddress(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname, port, username, password } = new URL(text);
  if (username !== "" || password !== "") return false;
  if (protocol === "https:" && port === "")
    return /^sns\.[a-z]{2}(-[a-z]+)+-\d\.amazonaws\.com(\.cn)?$/.test(hostname);
  const current = env();
  if (current.PORTAL_MODE !== "sandbox") return false;
  const standIn = new URL(current.AWS_ENDPOINT_URL ?? sandboxMetering(current));
  return protocol === "http:" && ["localhost", "127.0.0.1"].includes(hostname) && port === standIn.port;
}

function sandboxMetering(current: ReturnType<typeof env>): string {
  return current.AWS_ENDPOINT_URL_MARKETPLACE_METERING ?? `http://127.0.0.1:${current.SANDBOX_PORT}`;
}

type Holder = { portalSnsCertificates?: Map<string, string> };

/** SNS uses one certificate for months: it is fetched once. */
async function readCertificate(url: string): Promise<string | null> {
  const holder = globalThis as Holder;
  holder.portalSnsCertificates ??= new Map();
  const known = holder.portalSnsCertificates;
  const held = known.get(url);
  if (held !== undefined) return held;
  const pem = await get(url);
  if (pem === null) return null;
  if (known.size >= MOST_CERTIFICATES) known.clear();
  known.set(url, pem);
  return pem;
}

async function get(url: string): Promise<string | null> {
  try {
    const answer = await fetch(url, { redirect: "error", signal: AbortSignal.timeout(PATIENCE_MS) });
    return answer.ok ? await answer.text() : null;
  } catch {
    // Nobody there or too slow: the caller says what that means.
    return null;
  }
}
