import { writeFileSync } from "node:fs";
import path from "node:path";
import type { SettlementForm } from "#lib/metering/submission/settlement.ts";
import { RECORD_KEY } from "./hour-key.ts";
import type { SeenCall } from "./sandbox-file.ts";
import { Answered, Sent, type WireRecord } from "./wire.ts";
import { count, type World } from "./world.ts";

/** A time as CloudTrail writes it in what was asked and answered. */
function trailTime(seconds: number): string {
  const at = new Date(seconds * 1000);
  const day = at.toLocaleDateString("en-US", { timeZone: "UTC", dateStyle: "medium" });
  return `${day} ${at.toLocaleTimeString("en-US", { timeZone: "UTC" })}`;
}

function trailRecord(record: WireRecord) {
  return {
    timestamp: trailTime(record.Timestamp),
    dimension: record.Dimension,
    quantity: record.Quantity,
    customerAWSAccountID: record.CustomerAWSAccountId,
    customerIdentifier: record.CustomerIdentifier,
    licenseArn: record.LicenseArn,
    usageAllocations: record.UsageAllocations?.map(({ AllocatedUsageQuantity, Tags }) => ({
      allocatedUsageQuantity: AllocatedUsageQuantity,
      ...(Tags ? { tags: Tags.map(({ Key, Value }) => ({ key: Key, value: Value })) } : {}),
    })),
  };
}

/** A call as CloudTrail keeps it: what AWS did, whether or not its answer arrived. */
function trailEvent(call: SeenCall) {
  const { ProductCode, UsageRecords } = Sent.parse(JSON.parse(call.request));
  const isTaken = call.error === null && call.response?.startsWith("{");
  const answered = isTaken ? Answered.parse(JSON.parse(call.response ?? "")) : null;
  return {
    eventVersion: "1.08",
    eventID: `torture-${call.id}`,
    eventTime: new Date(call.at).toISOString(),
    eventSource: "metering-marketplace.amazonaws.com",
    eventName: "BatchMeterUsage",
    awsRegion: call.region,
    userIdentity: {
      type: "AssumedRole",
      arn: `arn:aws:sts::294406891311:assumed-role/${call.invocationId ? "portal" : "other"}/x`,
    },
    ...(call.error ? { errorCode: call.error } : {}),
    requestParameters: { productCode: ProductCode, usageRecords: UsageRecords.map(trailRecord) },
    responseElements: answered && {
      results: answered.Results.map(({ UsageRecord, Status, MeteringRecordId }) => ({
        usageRecord: trailRecord(UsageRecord),
        status: Status,
        meteringRecordId: MeteringRecordId,
      })),
      unprocessedRecords: answered.UnprocessedRecords.map(trailRecord),
    },
  };
}

/** CloudTrail's file of every call since the last one is imported: AWS's own word on what it billed. */
export async function importTrail(world: World): Promise<void> {
  const calls = world.stage.file.callsAfter(world.trailedTo);
  // A call that was cut before AWS had it is in no trail.
  const events = calls
    .filter(({ fault, response }) => response !== null && fault !== "html503")
    .map(trailEvent);
  world.trailedTo = calls.at(-1)?.id ?? world.trailedTo;
  const file = path.join(world.stage.folder, "trail.json");
  writeFileSync(file, JSON.stringify({ Records: events }));
  const printed = await world.stage.operator.run("cloudtrail", file, "--json");
  const done = JSON.parse(printed) as { settled: number; unreadable: number };
  count(world, "records that CloudTrail settled", done.settled);
  if (done.unreadable > 0) world.findings.push(`${done.unreadable} events of CloudTrail were not understood`);
  world.say(`CloudTrail settles ${done.settled} records`);
}

type Doubt = { id: string; key: string; quantity: string; isOver: boolean };

/**
 * What CloudTrail cannot tell is settled by hand, with AWS's ledger as its support would read it out: billed, with the
 * receipt; not billed, by the word of two people; or written off where AWS holds another number.
 */
export async function settleByHand(world: World): Promise<void> {
  const ledger = new Map(world.stage.file.ledger().map((line) => [line.key, line]));
  const doubts = await world.stage.query<Doubt>(
    `SELECT r.id, ${RECORD_KEY} AS key, r.quantity::text AS quantity, l.state = 'ended' AS "isOver"
     FROM queued_record q JOIN usage_record r ON r.id = q.record_id JOIN license l ON l.id = r.license_id
     WHERE q.state = 'unconfirmed' ORDER BY r.id`,
  );
  for (const { id, key, quantity, isOver } of doubts) {
    const line = ledger.get(key);
    const reason = "AWS's support read out its ledger";
    if (line && String(line.quantity) === quantity)
      await settle(world, id, { kind: "billed", receipts: { [id]: line.receipt }, reason });
    else if (line || isOver) await settle(world, id, { kind: "written_off", reason });
    else {
      await settle(world, id, { kind: "not_billed", reason });
      await settle(world, id, { kind: "not_billed", reason }, "another person");
    }
  }
}

async function settle(world: World, id: string, form: SettlementForm, actor = "one person"): Promise<void> {
  const [portal] = world.stage.portals;
  const answer = (await portal?.ask("settle", { ids: [id], settlement: form, actor })) as {
    ok: boolean;
    value?: { done: number };
  };
  if (answer.ok)
    count(world, `records settled by hand as ${form.kind.replace("_", " ")}`, answer.value?.done ?? 0);
}
