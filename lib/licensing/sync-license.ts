import { getEntitlements } from "../aws/entitlements.ts";
import { db, inTransaction } from "../database/client.ts";
import { failed, ok, type Result } from "../result.ts";
import { replaceEntitlements } from "./store.ts";

/**
 * Reads from AWS what a license holds and writes it down. What was known stays when AWS does not answer.
 * The reading carries the time before it began, so that a slow answer never claims to be newer than it is.
 */
export async function syncLicense(what: {
  licenseId: string;
  now: Date;
}): Promise<Result<{ entitlements: number }, "unknown_license" | "aws_unreachable" | "set_up_broken">> {
  const license = await db().license.findUnique({ where: { id: what.licenseId }, include: { buyer: true } });
  if (!license) return failed("unknown_license");
  const answer = await getEntitlements({
    productCode: license.productCode,
    licenseArn: license.licenseArn,
    awsAccountId: license.buyer.awsAccountId,
    customerIdentifier: license.buyer.customerIdentifier,
  });
  if (!answer.ok) return answer;
  await inTransaction((tx) => replaceEntitlements(tx, license.id, answer.value, what.now));
  return ok({ entitlements: answer.value.length });
}

const RETRY_AFTER_MS = 30_000;

/**
 * Looks again at every license an event touched, the longest due first. One that AWS does not answer for is looked at again
 * half a minute later, and when AWS cannot be reached the others wait for the next pass: each would wait in vain.
 */
export async function syncDueLicenses(now: Date): Promise<number> {
  const due = await db().license.findMany({
    where: { syncDueAt: { lte: now } },
    orderBy: { syncDueAt: "asc" },
    select: { id: true },
    take: 100,
  });
  let synced = 0;
  for (const { id } of due) {
    const outcome = await syncLicense({ licenseId: id, now });
    if (outcome.ok) {
      synced++;
      continue;
    }
    const syncDueAt = new Date(now.getTime() + RETRY_AFTER_MS);
    await db().license.update({ where: { id }, data: { syncDueAt } });
    if (outcome.reason === "aws_unreachable") break;
  }
  return synced;
}
