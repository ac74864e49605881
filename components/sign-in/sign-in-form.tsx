"use client";

import { useActionState } from "react";
import { Field, FieldError } from "#components/ui/field.tsx";
import type { FormAction } from "#components/ui/form-action.ts";
import { SubmitButton } from "#components/ui/submit-button.tsx";

/** What was typed (never the password) and what is wrong. */
export type SignInAnswer = { email: string; problem: string | null };

/** E-mail and password of somebody on the seller's team. */
export function SignInForm({ signIn }: { signIn: FormAction<SignInAnswer> }) {
  const [{ email, problem }, action] = useActionState(signIn, { email: "", problem: null });
  return (
    <form action={action}>
      {problem && (
        <div role="alert">
          <FieldError id="sign-in-problem">{problem}</FieldError>
        </div>
      )}
      <Field
        name="email"
        label="E-mail"
        type="email"
        autoComplete="username"
        autoFocus
        placeholder="you@company.com"
        defaultValue={email}
        required
        maxLength={254}
      />
      <Field
        name="password"
        label="Password"
        type="password"
        autoComplete="current-password"
        required
        maxLength={1000}
      />
      <SubmitButton look="btn-primary btn-lg" pending="Signing in…">
        Sign in
      </SubmitButton>
    </form>
  );
}
