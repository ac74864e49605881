import { shortId } from "#components/format/identifier.ts";
import { Field, FieldError } from "#components/ui/field.tsx";
import type { CutOverAnswer } from "./cut-over-answer.ts";

/** What a cut-over asks for: that AWS has switched the product, and the ARN that AWS made for each license. */
export function CutOverForm({
  answer: { optedIn, arns, errors },
  licenseIds,
}: {
  answer: CutOverAnswer;
  licenseIds: string[];
}) {
  return (
    <>
      <p className="effect">Once it is made there is no way back.</p>
      <p className="hint">
        License style names the license and the AWS account in every record, legacy style the product code.
        Before AWS has switched the product it refuses the one, after that the other. The next press changes
        nothing: it says from which hour on.
      </p>
      {licenseIds.map((id) => (
        <Field
          key={id}
          id={`arn-${id}`}
          name={`arn-${id}`}
          label={licenseIds.length === 1 ? "ARN of the license" : `ARN of license ${shortId(id)}`}
          hint="The one that AWS made for this subscription: the Agreements feed and AWS’s Seller Operations name it."
          placeholder="arn:aws:license-manager::…:license:l-…"
          defaultValue={arns[id] ?? ""}
          error={errors.arns?.[id]}
          size="sm"
          maxLength={500}
          autoComplete="off"
          required
        />
      ))}
      <div className="field">
        <label className="terms" htmlFor="opted-in">
          <input
            className="check"
            type="checkbox"
            id="opted-in"
            name="optedIn"
            defaultChecked={optedIn}
            aria-invalid={errors.optedIn ? true : undefined}
            aria-describedby={errors.optedIn ? "opted-in-error" : undefined}
          />
          <span>AWS has switched this product to concurrent agreements</span>
        </label>
        {errors.optedIn && <FieldError id="opted-in-error">{errors.optedIn}</FieldError>}
      </div>
    </>
  );
}
