import { awsAccountText, shortId } from "#components/format/identifier.ts";
import { momentText } from "#components/format/moment.ts";
import { countText, quantityText } from "#components/format/quantity.ts";
import type { LegacyBuyer } from "#lib/metering/closing/cut-over-views.ts";
import type { CutOverProblem } from "#lib/metering/closing/make-cut-over.ts";

/** The list of who is told in legacy style, and the step of one of them. */
export const CUT_OVER_ROOM = "/admin/products/cut-over";

/** The step of one buyer. */
export function cutOverHref({ productCode, buyerId }: Pick<LegacyBuyer, "productCode" | "buyerId">): string {
  return `${CUT_OVER_ROOM}?${new URLSearchParams({ product: productCode, buyer: buyerId })}`;
}

type Who = Pick<LegacyBuyer, "companyName" | "customerAwsAccountId" | "customerIdentifier">;

/** Whom a cut-over is about: the company, else the account, else what AWS calls the customer. */
export function legacyBuyerName({ companyName, customerAwsAccountId, customerIdentifier }: Who): string {
  if (companyName !== null) return companyName;
  if (customerAwsAccountId !== null) return `AWS account ${awsAccountText(customerAwsAccountId)}`;
  return customerIdentifier === null ? "A buyer without a name" : `Customer ${shortId(customerIdentifier)}`;
}

type Standing = Pick<LegacyBuyer, "onTheWay" | "isBehind" | "nameless" | "customerAwsAccountId">;

/** What still stands before a buyer's cut-over, each in a few words; nothing: only the tick is asked for. */
export function standsBefore({ onTheWay, isBehind, nameless, customerAwsAccountId }: Standing): string[] {
  return [
    ...(isBehind ? ["an hour is closed and not sealed"] : []),
    ...(onTheWay > 0 ? [`${countText(onTheWay, "record")} on the way`] : []),
    ...(customerAwsAccountId === null ? ["AWS account not known"] : []),
    ...(nameless.length > 0 ? [`${countText(nameless.length, "license ARN")} to give`] : []),
  ];
}

/** What is true of all of them now, as the page's first sentence. */
export function legacySentence(buyers: Standing[], all: boolean): string {
  const ready = buyers.filter((buyer) => blockedBy(buyer) === null).length;
  const many = `${all ? "" : "More than "}${countText(buyers.length, "buyer is", "buyers are")} told in legacy style`;
  if (ready === buyers.length) return `${many}; nothing is on its way.`;
  return `${many}; ${ready === 0 ? "none" : quantityText(String(ready))} can go over to license style now.`;
}

const PROBLEMS: Record<CutOverProblem, string> = {
  not_found: "This buyer has nothing of this product.",
  already: "This buyer is told in license style already.",
  hour_not_sealed: "An hour that is closed is not sealed yet. Look again in a moment.",
  draining:
    "AWS or another program may have billed legacy records of this buyer, a person holds some, or their license has ended: each must come to its end first. Else an hour could be billed twice.",
  doubtful_hours:
    "The database was restored, and hours it may have told in legacy style are still to be sealed. Look again once they are.",
  no_license_arn: "The ARN of a license is missing: license style names it.",
  no_account:
    "The buyer’s AWS account is not known, and license style names it. It arrives when the buyer comes from AWS Marketplace again with Set up your account.",
  arn_taken: "Another license has this ARN: look it up once more. Nothing was changed.",
};

/** Why a cut-over cannot be made now. */
export function cutOverProblem(problem: CutOverProblem): string {
  return PROBLEMS[problem];
}

/** What stands before it that no form can mend, first things first; null: the form is worth filling in. */
export function blockedBy({ onTheWay, isBehind, customerAwsAccountId }: Standing): CutOverProblem | null {
  if (isBehind) return "hour_not_sealed";
  if (onTheWay > 0) return "draining";
  return customerAwsAccountId === null ? "no_account" : null;
}

/** What the cut-over does, to the hour, before anybody makes it. */
export function cutOverEffect(buyer: string, product: string, from: string, now: string): string {
  return `The hour of ${momentText(from, now)} and all after it are told in license style for ${buyer} and ${product}; all before it stay as they were told.`;
}

/** What was done, after it was. */
export function cutOverText(buyer: string, from: string, now: string): string {
  return `Done: from the hour of ${momentText(from, now)} on ${buyer} is told in license style. Your name is kept in the audit.`;
}
