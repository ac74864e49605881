import { batchMeterUsage } from "../aws/metering.ts";
import { db } from "../database/client.ts";
import { businessNow } from "../database/clock.ts";
import { type ClaimedBatch, claimBatches } from "../metering/submission/claim-store.ts";
import { encodeRecord, productCodeOf } from "../metering/submission/encoder.ts";
import type { World, WorldLicense } from "./world.ts";

/** A license with these units sealed for one hour. */
export async function sealed(
  world: World,
  ...used: { quantity: string; tags?: Record<string, string> }[]
): Promise<WorldLicense> {
  await db().product.updateMany({ data: { tagKeys: ["team"] } });
  const license = await world.hasLicense();
  await world.uses(license, ...used);
  await world.closesTheHour();
  return license;
}

/** Another program tells AWS a number for the hour that was open first. */
export async function billsElsewhere(world: World, license: WorldLicense, quantity: number): Promise<void> {
  await world.sandbox.batch([
    {
      CustomerAWSAccountId: license.customerAwsAccountId,
      LicenseArn: license.licenseArn,
      Dimension: "gb_indexed",
      Quantity: quantity,
      Timestamp: new Date("2027-01-15T12:40:00Z"),
    },
  ]);
}

/** A worker that has claimed what is due, and not sent it yet. */
export async function claims(): Promise<ClaimedBatch> {
  const now = await businessNow();
  const claimed = await claimBatches("us-east-1", now, 1);
  const [batch] = claimed === "another_database" ? [] : claimed;
  if (!batch) throw new Error("nothing was due");
  return batch;
}

/** The call of a claimed batch, and what AWS says to it; nothing is written down. */
export async function asks(batch: ClaimedBatch) {
  const [first] = batch.records;
  if (!first) throw new Error("an empty batch");
  return batchMeterUsage({
    region: batch.region,
    productCode: productCodeOf(first),
    records: batch.records.map(encodeRecord),
  });
}

/** Lets machine time go by until every lease is over. */
export async function endLeases(): Promise<void> {
  await db()
    .$executeRaw`UPDATE queued_record SET lease_until = clock_timestamp() - interval '1 second' WHERE state = 'submitting'`;
}
