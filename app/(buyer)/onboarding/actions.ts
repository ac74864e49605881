"use server";

import { redirect } from "next/navigation";
import type { OnboardingAnswer } from "#components/buyer/onboarding-form.tsx";
import { businessNow } from "#lib/database/clock.ts";
import { completeOnboarding } from "#lib/registration/complete-onboarding.ts";
import { OnboardingForm } from "#lib/registration/shapes.ts";
import { readOnboarding, startSession } from "../../signed-in.ts";

const FIELDS = ["email", "name", "company", "terms"] as const;
const PROBLEMS = {
  not_found: "This set-up is not open any more. Press Set up your account in AWS Marketplace again.",
  already_completed: "This set-up was finished before. Sign in to see your account.",
};

/** Finishes the set-up of whoever holds the signed cookie, and signs them in. */
export async function complete(_before: OnboardingAnswer, form: FormData): Promise<OnboardingAnswer> {
  const values = Object.fromEntries(FIELDS.map((field) => [field, String(form.get(field) ?? "")]));
  const registrationId = await readOnboarding();
  if (registrationId === null) return { values, errors: {}, problem: PROBLEMS.not_found };
  const parsed = OnboardingForm.safeParse(values);
  if (!parsed.success) {
    const first = (field: string) => parsed.error.issues.find(({ path }) => path[0] === field)?.message;
    const errors = Object.fromEntries(FIELDS.map((field) => [field, first(field)]));
    return { values, errors, problem: null };
  }
  const outcome = await completeOnboarding({ registrationId, form: parsed.data, now: await businessNow() });
  if (!outcome.ok) return { values, errors: {}, problem: PROBLEMS[outcome.reason] };
  await startSession({ kind: "buyer", id: outcome.value.memberId, email: outcome.value.email });
  redirect("/account");
}
