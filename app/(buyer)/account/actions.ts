"use server";

import { revalidatePath } from "next/cache";
import { z } from "zod";
import { businessNow } from "#lib/database/clock.ts";
import { syncLicense } from "#lib/licensing/sync-license.ts";
import { listLicensesOfCompany } from "#lib/licensing/views.ts";
import { requireBuyer } from "../../signed-in.ts";

const Form = z.object({ licenseId: z.uuid() });
const PROBLEMS = {
  unknown_license: "This license is not yours any more. Reload the page.",
  aws_unreachable: "AWS does not answer just now. What stands here is what was known; try again in a minute.",
  set_up_broken: "AWS refuses the seller’s portal. What stands here is what was known; write to the seller.",
};

/** Asks AWS again what a license of the caller's company allows. */
export async function refreshLicense(_before: string, form: FormData): Promise<string> {
  const buyer = await requireBuyer();
  const parsed = Form.safeParse({ licenseId: form.get("licenseId") });
  const licenses = await listLicensesOfCompany(buyer.companyId);
  const mine = licenses.find(({ license }) => license.id === parsed.data?.licenseId);
  if (!mine) return PROBLEMS.unknown_license;
  const outcome = await syncLicense({ licenseId: mine.license.id, now: await businessNow() });
  revalidatePath("/account");
  return outcome.ok ? "Read from AWS just now." : PROBLEMS[outcome.reason];
}
