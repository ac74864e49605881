import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { ONBOARDING_SECONDS, openOnboarding, sealOnboarding } from "./onboarding-cookie.ts";

const [OLD, NEW] = ["old-secret-of-tests-old-secret", "new-secret-of-tests-new-secret"];
const signedWith = (secret: string) => {
  vi.stubEnv("PORTAL_MODE", "sandbox");
  vi.stubEnv("NEXTAUTH_SECRET", secret);
  Reflect.deleteProperty(globalThis, "portalEnv");
};

beforeEach(() => {
  vi.useFakeTimers();
  signedWith(OLD);
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllEnvs();
  Reflect.deleteProperty(globalThis, "portalEnv");
});

test("a cookie opens to the registration it was made for", () => {
  expect(openOnboarding(sealOnboarding("some-registration"))).toBe("some-registration");
});

test("a cookie is over after a week", () => {
  const cookie = sealOnboarding("some-registration");
  vi.advanceTimersByTime((ONBOARDING_SECONDS - 1) * 1_000);
  expect(openOnboarding(cookie)).toBe("some-registration");
  vi.advanceTimersByTime(2_000);
  expect(openOnboarding(cookie)).toBeNull();
});

test("another registration, a longer life or another signature is a forgery", () => {
  const [id = "", until = "", signature = ""] = sealOnboarding("some-registration").split(".");
  const forged = [
    `other-registration.${until}.${signature}`,
    `${id}.${Number(until) + 1}.${signature}`,
    `${id}.${until}.${signature.slice(0, -2)}AA`,
    `${id}.${until}.`,
    `${id}.${until}`,
    `${id}.x.${signature}`,
    "",
    "..",
  ];
  for (const cookie of [...forged, undefined]) expect(openOnboarding(cookie)).toBeNull();
});

test("while the secret is changed both open, and the first one signs", () => {
  const before = sealOnboarding("some-registration");
  signedWith(`${NEW},${OLD}`);
  expect(openOnboarding(before)).toBe("some-registration");
  const during = sealOnboarding("some-registration");
  signedWith(OLD);
  expect(openOnboarding(during)).toBeNull();
  signedWith(NEW);
  expect(openOnboarding(during)).toBe("some-registration");
  expect(openOnboarding(before)).toBeNull();
});
