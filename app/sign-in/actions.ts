"use server";

import { redirect } from "next/navigation";
import { z } from "zod";
import type { SignInAnswer } from "#components/sign-in/sign-in-form.tsx";
import { signIn } from "#lib/access/sign-in.ts";
import { startSession } from "../signed-in.ts";

const Form = z.object({ email: z.string().trim().min(1).max(254), password: z.string().min(1).max(1000) });

const PROBLEMS = {
  wrong: "This e-mail and password do not belong together. Check both and try again.",
  too_many: "Too many tries for this e-mail. Wait a quarter of an hour, then try again.",
};

/** Lets somebody of the seller's team in. The answer never says whether the e-mail is known, and never holds the password. */
export async function signInAdmin(_before: SignInAnswer, form: FormData): Promise<SignInAnswer> {
  const parsed = Form.safeParse({ email: form.get("email"), password: form.get("password") });
  if (!parsed.success) {
    return {
      email: String(form.get("email") ?? "").slice(0, 254),
      problem: "Write your e-mail and your password.",
    };
  }
  const outcome = await signIn(parsed.data);
  if (!outcome.ok) return { email: parsed.data.email, problem: PROBLEMS[outcome.reason] };
  await startSession({ kind: "admin", ...outcome.value });
  redirect("/admin");
}
