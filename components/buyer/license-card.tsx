"use client";

import { Check, RefreshCw } from "lucide-react";
import { useActionState } from "react";
import { shortId, shortLicenseArn } from "#components/format/identifier.ts";
import { dateText, hourText } from "#components/format/moment.ts";
import type { FormAction } from "#components/ui/form-action.ts";
import { Identifier } from "#components/ui/identifier.tsx";
import { LocalTime } from "#components/ui/local-time.tsx";
import { SubmitButton } from "#components/ui/submit-button.tsx";
import type { LicenseView } from "#lib/licensing/shapes.ts";
import { EntitlementTable } from "./entitlement-table.tsx";
import { LICENSE_WORDS } from "./entitlement-words.ts";
import type { LicenseLine } from "./usage-lines.ts";

/** One license of the buyer: its state, what it allows, how fresh that is, and Refresh. */
export function LicenseCard({
  license,
  lines,
  month,
  refresh,
}: {
  license: LicenseView;
  /** What it grants and what of it was used. */
  lines: LicenseLine[];
  /** The month that Used speaks of: "November". */
  month: string;
  /** Reads the entitlements from AWS again and answers what came of it, as a sentence. */
  refresh: FormAction<string>;
}) {
  const [said, action] = useActionState(refresh, "");
  const { means } = LICENSE_WORDS[license.state];
  const name = license.productName ?? "A product from AWS Marketplace";
  return (
    <section
      className="panel licn"
      aria-label={`${name}, ${shortLicenseArn(license.licenseArn ?? license.id)}`}
    >
      <header>
        <div>
          <h2>{name}</h2>
          <p>
            <Identifier
              id={license.licenseArn ?? license.id}
              what={license.licenseArn ? "license ARN" : "license id"}
            />
            {license.agreementId && (
              <span>
                Agreement{" "}
                <span className="mono" title={license.agreementId}>
                  {shortId(license.agreementId)}
                </span>
              </span>
            )}
          </p>
        </div>
        <StateOf license={license} until={license.endsAt ?? soonestOf(lines)} />
      </header>
      {means !== "" && <p className="none">{means}</p>}
      <EntitlementTable lines={lines} neverRead={license.asOf === null} />
      <footer>
        <span>
          {license.asOf === null ? (
            "Not read from AWS yet"
          ) : (
            <>
              As of <LocalTime at={license.asOf} utc={hourText(license.asOf)} form="moment" />.
              {lines.some(({ used }) => used !== null) &&
                ` Used is what was reported to AWS in ${month}; what the contract covers may be left out of it.`}
            </>
          )}
        </span>
        <span className="said" role="status">
          {said}
        </span>
        <form action={action}>
          <input type="hidden" name="licenseId" value={license.id} />
          <SubmitButton look="btn-quiet" pending="Asking AWS…">
            <RefreshCw className="i" />
            Refresh
          </SubmitButton>
        </form>
      </footer>
    </section>
  );
}

/** When the first of what it grants runs out: AWS's least validity, which a renewal moves on. */
function soonestOf(lines: LicenseLine[]): string | null {
  const ends = lines.flatMap(({ entitlement }) => entitlement?.expiresAt ?? []);
  return ends.sort()[0] ?? null;
}

function StateOf({ license, until }: { license: LicenseView; until: string | null }) {
  return (
    <div className="ls">
      <span className="tag">
        {license.state === "active" && <Check className="i" />}
        {LICENSE_WORDS[license.state].word}
      </span>
      {until && (
        <span>
          {license.state === "ended" ? "on" : "until"}{" "}
          <LocalTime at={until} utc={dateText(until)} form="date" />
        </span>
      )}
    </div>
  );
}
