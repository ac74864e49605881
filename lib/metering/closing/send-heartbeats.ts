import { writeAudit } from "../../access/audit.ts";
import { inTransaction, type Tx } from "../../database/client.ts";
import { regionOf } from "../../database/region.ts";
import { failed, ok, type Result } from "../../result.ts";
import { addHours } from "../hours.ts";
import {
  findHeartbeatHours,
  type IdleHour,
  isSomethingDue,
  markBeaten,
  readIdleSeries,
  takeSweep,
  writeHeartbeats,
} from "./heartbeat-store.ts";
import { maySeal, sealNothing } from "./sealing.ts";
import { insertRecords } from "./store.ts";

/** Twenty calls' worth: what somebody pays for never waits long behind heartbeats. */
const MOST_UNDER_WAY = 500;
/** An idle hour is told soon or not at all: nobody loses anything by it. */
const HOURS_BACK = 6;

/**
 * Tells AWS 0 for the sealed hours in which an active license used nothing, where the product asks for it. Last in line:
 * only while nothing else is due. An hour is told once and then locked at AWS, so it must be sealed before. Answers how
 * many heartbeats were sealed.
 */
export async function sendHeartbeats(now: Date): Promise<number> {
  return inTransaction(async (tx) => {
    if (!(await takeSweep(tx)) || (await isSomethingDue(tx, now))) return 0;
    for (const idle of await findHeartbeatHours(tx, addHours(now, -HOURS_BACK))) {
      const sealed = await sealIdle(tx, idle, now);
      if (sealed > 0) return sealed;
    }
    return 0;
  });
}

async function sealIdle(tx: Tx, idle: IdleHour, now: Date): Promise<number> {
  const of = { ...idle, region: await regionOf(tx), now };
  const { series, isWhole } = await readIdleSeries(tx, idle, MOST_UNDER_WAY);
  const rows = series
    .filter((one) => maySeal(one, { hour: idle.hour, isShadow: false }))
    .map((one) => ({ ...sealNothing(one, of), series: one, heldFor: null }))
    .filter(({ lastCall }) => lastCall > now);
  await insertRecords(tx, of, rows);
  if (isWhole) await markBeaten(tx, idle, now);
  return rows.length;
}

/** Says whether a product's idle licenses are told to AWS with 0 every hour. */
export async function setHeartbeats(request: {
  productCode: string;
  wanted: boolean;
  actor: string;
  now: Date;
}): Promise<Result<null, "unknown_product">> {
  const { productCode, wanted, actor, now } = request;
  return inTransaction(async (tx) => {
    if (!(await writeHeartbeats(tx, productCode, wanted))) return failed("unknown_product");
    const action = wanted ? "heartbeats.on" : "heartbeats.off";
    await writeAudit(tx, { at: now, actor, action, subject: productCode, detail: {} });
    return ok(null);
  });
}
