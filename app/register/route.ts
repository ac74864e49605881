import { cookies } from "next/headers";
import { marketplaceAddress } from "#components/marketplace-address.ts";
import { registrationExplanationPage, registrationProblemPage } from "#components/registration-problem.ts";
import { isSecure } from "#lib/access/auth-options.ts";
import { businessNow } from "#lib/database/clock.ts";
import { env } from "#lib/env.ts";
import { describeError, log } from "#lib/log.ts";
import {
  ONBOARDING_COOKIE,
  ONBOARDING_SECONDS,
  sealOnboarding,
} from "#lib/registration/onboarding-cookie.ts";
import { registerBuyer } from "#lib/registration/register-buyer.ts";
import { RegistrationForm, type RegistrationProblem, TOKEN_FIELD } from "#lib/registration/shapes.ts";
import { failed } from "#lib/result.ts";
import { guarded } from "../api/door.ts";
import { readText } from "../api/read-body.ts";

const MOST_BYTES = 64 * 1024;
const STATUS: Record<RegistrationProblem, number> = {
  token_missing: 400,
  token_invalid: 400,
  token_expired: 410,
  aws_unreachable: 503,
  set_up_broken: 503,
  failed_here: 503,
};

/** POST /register: the fulfilment URL. AWS sends the buyer's browser here with a registration token. */
export const POST = guarded(async (request: Request) => {
  const form = RegistrationForm.safeParse(await readForm(request)); // a body that is no form is a form without a token
  if (!form.success) return registrationProblem("token_missing");

  const outcome = await registers(form.data);
  if (!outcome.ok) {
    log.warn("registration.refused", { reason: outcome.reason, aws: outcome.message });
    return registrationProblem(outcome.reason);
  }
  // A finished onboarding is not opened again by its token: whoever holds the link still has to sign in.
  if (outcome.value.completed) return redirectTo("/sign-in");
  await setOnboarding(outcome.value.registrationId);
  return redirectTo("/onboarding");
});

/** A buyer's browser is told a surprise on a page, as it is told everything else. */
async function registers(form: RegistrationForm) {
  try {
    return await registerBuyer({
      registrationToken: form[TOKEN_FIELD],
      offerType: form["x-amzn-marketplace-offer-type"] ?? null,
      now: await businessNow(),
    });
  } catch (error) {
    log.error("registration.failed", describeError(error));
    return failed("failed_here");
  }
}

/** GET /register: AWS's validation, a reviewer, or a buyer who typed the address. */
export function GET(): Response {
  return page(registrationExplanationPage({ marketplace: marketplaceAddress(env()) }), 200);
}

async function readForm(request: Request): Promise<Record<string, string>> {
  const text = await readText(request, MOST_BYTES);
  const isForm = request.headers
    .get("content-type")
    ?.toLowerCase()
    .startsWith("application/x-www-form-urlencoded");
  return isForm && text !== null ? Object.fromEntries(new URLSearchParams(text)) : {};
}

/** Lax, because AWS's POST comes from another site and the cookie has to survive the 303 that follows. */
async function setOnboarding(registrationId: string): Promise<void> {
  (await cookies()).set(ONBOARDING_COOKIE, sealOnboarding(registrationId), {
    httpOnly: true,
    sameSite: "lax",
    path: "/",
    maxAge: ONBOARDING_SECONDS,
    secure: isSecure(),
  });
}

/** 303 turns the POST into a GET: the token reaches no URL, no log, no history. The Location is relative on purpose. */
function redirectTo(path: string): Response {
  return new Response(null, { status: 303, headers: { location: path, "cache-control": "no-store" } });
}

function registrationProblem(reason: RegistrationProblem): Response {
  const status = STATUS[reason];
  return page(
    registrationProblemPage({ reason, marketplace: marketplaceAddress(env()) }),
    status,
    status === 503 ? { "retry-after": "30" } : {},
  );
}

function page(html: string, status: number, headers: Record<string, string> = {}): Response {
  return new Response(html, {
    status,
    headers: { "content-type": "text/html; charset=utf-8", "cache-control": "no-store", ...headers },
  });
}
