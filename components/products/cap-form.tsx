"use client";

import { useActionState } from "react";
import { quantityText } from "#components/format/quantity.ts";
import { FieldError } from "#components/ui/field.tsx";
import type { FormAction } from "#components/ui/form-action.ts";
import { SubmitButton } from "#components/ui/submit-button.tsx";

/** What was typed, what is wrong with it, and what happened. */
export type CapAnswer = { typed: string | null; error: string | null; words: string | null };

/** The most whole units of an hour of a dimension; empty: what is usual. */
export function CapForm({
  productCode,
  dimension,
  cap,
  saveCap,
}: {
  productCode: string;
  dimension: string;
  cap: string | null;
  saveCap: FormAction<CapAnswer>;
}) {
  const [{ typed, error, words }, action] = useActionState(saveCap, {
    typed: null,
    error: null,
    words: null,
  });
  const id = `cap-${productCode}-${dimension}`;
  return (
    <form className="field cap" action={action} noValidate>
      <input type="hidden" name="productCode" value={productCode} />
      <input type="hidden" name="dimension" value={dimension} />
      {error && <FieldError id={`${id}-error`}>{error}</FieldError>}
      <span>
        <input
          className="input"
          id={id}
          name="cap"
          inputMode="numeric"
          autoComplete="off"
          maxLength={20}
          aria-label={`Most whole units of an hour of ${dimension}; empty: what is usual`}
          aria-invalid={error ? true : undefined}
          aria-describedby={error ? `${id}-error` : `${id}-now`}
          defaultValue={typed ?? (cap === null ? "" : quantityText(cap))}
        />
        <SubmitButton look="btn-second" pending="Saving…">
          Save
          <span className="sr"> the cap of {dimension}</span>
        </SubmitButton>
        <span className="faint" id={`${id}-now`} role="status">
          {words ?? (cap === null ? "empty: what is usual" : "its own cap")}
        </span>
      </span>
    </form>
  );
}
