"use client";

import { useActionState } from "react";
import { Field, FieldError } from "#components/ui/field.tsx";
import type { FormAction } from "#components/ui/form-action.ts";
import { SubmitButton } from "#components/ui/submit-button.tsx";

type FieldName = "email" | "name" | "company" | "terms";

/** What was typed and what is wrong with it. Empty at first. */
export type OnboardingAnswer = {
  values: Partial<Record<FieldName, string>>;
  errors: Partial<Record<FieldName, string>>;
  problem: string | null;
};

export const NOTHING_TYPED: OnboardingAnswer = { values: {}, errors: {}, problem: null };

/** Three answers and the terms. What was typed stays when something is missing. */
export function OnboardingForm({ complete }: { complete: FormAction<OnboardingAnswer> }) {
  const [{ values, errors, problem }, action] = useActionState(complete, NOTHING_TYPED);
  return (
    <form className="ob-form" action={action} noValidate>
      {problem && (
        <div role="alert">
          <FieldError id="form-problem">{problem}</FieldError>
        </div>
      )}
      <Field
        name="email"
        label="Work e-mail"
        hint="Your account belongs to this address."
        type="email"
        autoComplete="email"
        defaultValue={values.email}
        error={errors.email}
        required
        maxLength={254}
      />
      <Field
        name="name"
        label="Your name"
        autoComplete="name"
        defaultValue={values.name}
        error={errors.name}
        required
        maxLength={200}
      />
      <Field
        name="company"
        label="Company"
        hint="As it should stand on reports."
        autoComplete="organization"
        defaultValue={values.company}
        error={errors.company}
        required
        maxLength={200}
      />
      <div className="field">
        {errors.terms && <FieldError id="terms-error">{errors.terms}</FieldError>}
        <label className="terms">
          <input
            className="check"
            type="checkbox"
            name="terms"
            defaultChecked={values.terms === "on"}
            aria-invalid={errors.terms ? true : undefined}
            aria-describedby={errors.terms ? "terms-error" : undefined}
            required
          />
          <span>
            I accept the{" "}
            <a href="/terms" target="_blank" rel="noopener">
              terms of this offer
            </a>{" "}
            and have read the{" "}
            <a href="/privacy" target="_blank" rel="noopener">
              privacy notice
            </a>
            .
          </span>
        </label>
      </div>
      <div className="go">
        <SubmitButton look="btn-primary btn-lg" pending="Setting up…">
          Finish set-up
        </SubmitButton>
        <p className="hint">Close this tab if you must: your set-up stays open for 7 days.</p>
      </div>
    </form>
  );
}
