import { randomBytes, randomInt } from "node:crypto";

/** The account AWS issues marketplace licenses from; it is not the buyer's. */
const LICENSE_ISSUER = "294406891311";

export const newAgreementId = () => `agmt-${randomWord(25)}`;
export const newOfferId = () => `offer-${randomWord(13)}`;
export const newResaleId = () => `resaleauthz-${randomWord(13)}`;
export const newCancellationId = () => `acr-${randomWord(25)}`;
export const newBillingAdjustmentId = () => `ba-${randomWord(25)}`;
export const newLicenseArn = () =>
  `arn:aws:license-manager::${LICENSE_ISSUER}:license:l-${randomBytes(16).toString("hex")}`;

function randomWord(length: number): string {
  const alphabet = "abcdefghijklmnopqrstuvwxyz0123456789";
  return Array.from({ length }, () => alphabet[randomInt(alphabet.length)]).join("");
}
