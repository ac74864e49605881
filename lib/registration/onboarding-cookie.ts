import { createHmac, timingSafeEqual } from "node:crypto";
import { env } from "../env.ts";

/** The cookie between AWS's POST and the finished form. It holds our registration id and its end, signed; never the token. */
export const ONBOARDING_COOKIE = "onboarding";
/** An onboarding can be gone on with for a week. */
export const ONBOARDING_SECONDS = 7 * 24 * 3600;

const sign = (text: string, secret: string) =>
  createHmac("sha256", secret).update(`onboarding ${text}`).digest("base64url");

/** The cookie's value for a registration. Machine time: cookies live in the browser's world. */
export function sealOnboarding(registrationId: string): string {
  const text = `${registrationId}.${Math.floor(Date.now() / 1000) + ONBOARDING_SECONDS}`;
  return `${text}.${sign(text, secrets()[0] ?? "")}`;
}

/** The registration a cookie names, or null when it is forged, damaged or over. */
export function openOnboarding(value: string | undefined): string | null {
  const [id, until, signature] = (value ?? "").split(".");
  if (!id || !until || !signature || Number(until) * 1000 < Date.now()) return null;
  const given = Buffer.from(signature);
  const isOurs = secrets().some((secret) => {
    const expected = Buffer.from(sign(`${id}.${until}`, secret));
    return expected.length === given.length && timingSafeEqual(expected, given);
  });
  return isOurs ? id : null;
}

function secrets(): string[] {
  const list = env().NEXTAUTH_SECRET;
  if (!list) throw new Error("NEXTAUTH_SECRET is not set: npm run up makes one for a sandbox");
  return list;
}
