import { addMember } from "../accounts/store.ts";
import { inTransaction } from "../database/client.ts";
import { attachCompany, companyOfBuyer } from "../licensing/store.ts";
import { syncLicense } from "../licensing/sync-license.ts";
import { failed, ok, type Result } from "../result.ts";
import type { OnboardingForm } from "./shapes.ts";
import { lockRegistration, markCompleted } from "./store.ts";

/**
 * Finishes an onboarding: the person joins the company that this AWS account already has here, or opens a new one; the
 * license belongs to it from now on. Its entitlements are read at once; when AWS does not answer, the job asks again.
 */
export async function completeOnboarding(answer: {
  registrationId: string;
  form: OnboardingForm;
  now: Date;
}): Promise<Result<{ memberId: string; email: string }, "not_found" | "already_completed">> {
  const { registrationId, form, now } = answer;
  const done = await inTransaction(async (tx) => {
    const registration = await lockRegistration(tx, registrationId);
    if (!registration) return failed("not_found");
    if (registration.completedAt) return failed("already_completed");
    const { licenseId } = registration;
    const known = await companyOfBuyer(tx, licenseId, form.company);
    const { companyId, memberId } = await addMember(tx, {
      companyId: known,
      companyName: form.company,
      email: form.email,
      name: form.name,
    });
    await attachCompany(tx, { licenseId, companyId, now });
    await markCompleted(tx, { id: registrationId, memberId, now });
    return ok({ licenseId, memberId });
  });
  if (!done.ok) return done;
  await syncLicense({ licenseId: done.value.licenseId, now });
  return ok({ memberId: done.value.memberId, email: form.email });
}
