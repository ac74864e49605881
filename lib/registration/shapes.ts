import { z } from "zod";
import type { EntitlementView, LicenseView } from "../licensing/shapes.ts";

/** The field that carries AWS's registration token in the fulfilment POST. */
export const TOKEN_FIELD = "x-amzn-marketplace-token";

/** What AWS's form brings. Other fields of AWS are hints and are not trusted. */
export const RegistrationForm = z.object({
  [TOKEN_FIELD]: z.string().trim().min(1).max(10_000),
  "x-amzn-marketplace-offer-type": z.string().max(100).optional(),
});
export type RegistrationForm = z.infer<typeof RegistrationForm>;

/** What a buyer fills in. `companyId` adds the license to a company the same AWS account already has here. */
export const OnboardingForm = z.object({
  email: z.email("Write an e-mail address like name@company.com.").max(254),
  name: z.string().trim().min(1, "Write your name.").max(200),
  company: z.string().trim().min(1, "Write your company's name.").max(200),
  terms: z.literal("on", "Accept the terms to go on."),
});
export type OnboardingForm = z.infer<typeof OnboardingForm>;

/** What /onboarding shows. */
export type OnboardingView = {
  registrationId: string;
  completed: boolean;
  license: LicenseView;
  entitlements: EntitlementView[];
};

export type RegistrationProblem =
  | "token_missing"
  | "token_invalid"
  | "token_expired"
  | "aws_unreachable"
  | "set_up_broken"
  /** Something that nobody foresaw: the log says what. */
  | "failed_here";
