import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { openSandbox, type Purchased } from "#sandbox/testing/sandbox.ts";
import { testDatabase } from "#scripts/test-database.ts";
import { readSandboxLedger } from "../aws/sandbox.ts";
import { db, disconnect } from "../database/client.ts";
import { businessNow } from "../database/clock.ts";
import { stampDatabase } from "../database/stamp.ts";
import { keepWitness } from "../database/witness.ts";
import { importSandboxProducts } from "../jobs/import-sandbox-products.ts";
import { closeAndSeal, keepLicenses, runDue, submitAndExpire } from "../jobs/run-due.ts";
import { Envelope } from "../licensing/events.ts";
import { receiveLifecycleEvent } from "../licensing/receive-lifecycle-event.ts";
import { addHours, addMinutes, CLOSING_DELAY_MINUTES, hourOf } from "../metering/hours.ts";
import { ingestUsage } from "../metering/ingest/ingest-usage.ts";
import type { IngestAnswer } from "../metering/ingest/shapes.ts";
import { type Misfit, reconcile } from "../metering/ledger/reconcile-ledger.ts";
import { listRecords } from "../metering/ledger/views.ts";
import type { RecordFilter, UsageRecordView } from "../metering/shapes.ts";
import { doubtForgotten } from "../metering/submission/doubt-forgotten.ts";
import { registerBuyer } from "../registration/register-buyer.ts";

/** A license of this world: what the market sold, and our own id of it. */
export type WorldLicense = Purchased & { licenseId: string };

/** What a usage event of a test says; the rest is made up. */
export type Used = {
  id?: string;
  quantity?: string | number;
  dimension?: string;
  occurredAt?: string;
  tags?: Record<string, string>;
};

const QUIET_MS = 30_000;
let made = 0;

/**
 * A portal of a test's own: a fresh database, a fresh sandbox on the wire, both at the same moment in the middle of an
 * hour, a day and a month, with the sandbox's products in the catalog. The sandbox tells a portal of events only when
 * its settings name one.
 */
export async function openWorld(sandboxSettings: Record<string, string> = {}, databaseUrl?: string) {
  const sandbox = await openSandbox(sandboxSettings);
  const dataDir = mkdtempSync(path.join(tmpdir(), "world-"));
  const environment = {
    ...worldEnvironment(databaseUrl ?? (await testDatabase()), sandbox.port),
    DATA_DIR: dataDir,
  };
  Object.assign(process.env, environment);
  forgetProcess();
  await stampDatabase({ mode: "sandbox", region: "us-east-1" }, doubtForgotten);
  const world = {
    sandbox,
    environment,
    ...market(sandbox),
    ...metering(),
    /** Moves both clocks to this moment. */
    setClock: async (to: Date) => {
      await sandbox.setClock(to.getTime());
      const { offsetMs } = (await sandbox.door("GET", "/_sandbox/clock")).json as { offsetMs: number };
      await db().portalState.update({ where: { id: 1 }, data: { clockOffsetMs: BigInt(offsetMs) } });
    },
    /** Begins at this moment: nothing was open before its hour. */
    startsAt: async (moment: Date) => {
      await world.setClock(moment);
      await db().productClosing.updateMany({ data: { closedThrough: hourOf(moment) } });
    },
    /** Lets business time go by without doing anything. */
    passes: async (minutes: number) => world.setClock(addMinutes(await businessNow(), minutes)),
    /** Goes to where the running hour may close, closes it and seals what it holds; sends nothing. */
    closesTheHour: async () => {
      const end = addHours(hourOf(await businessNow()), 1);
      await world.setClock(addMinutes(end, CLOSING_DELAY_MINUTES));
      await closeAndSeal();
    },
    /** What AWS bills, by the sandbox's own ledger. */
    billed: async () => (await readSandboxLedger()) ?? [],
    /** What does not fit, AWS's ledger included. */
    misfits: async (): Promise<Misfit[]> => (await reconcile(await readSandboxLedger())).misfits,
    /** The bodies of the sandbox's BatchMeterUsage calls, oldest first. */
    sentBodies: async () =>
      (await sandbox.calls("BatchMeterUsage")).items.map((call) => call.request ?? "").reverse(),
    close: async () => {
      await keepWitness(); // what still writes would bring its folder back
      await disconnect();
      await sandbox.close();
      for (const name of Object.keys(environment)) delete process.env[name];
      forgetProcess();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
  await world.setClock(new Date(await sandbox.now()));
  await importSandboxProducts();
  return world;
}

export type World = Awaited<ReturnType<typeof openWorld>>;

/** What a process of this world needs to know. */
function worldEnvironment(databaseUrl: string, sandboxPort: number) {
  const sandboxUrl = `http://127.0.0.1:${sandboxPort}`;
  return {
    PORTAL_MODE: "sandbox",
    DATABASE_URL: databaseUrl,
    AWS_ENDPOINT_URL_MARKETPLACE_METERING: sandboxUrl,
    AWS_ENDPOINT_URL_MARKETPLACE_ENTITLEMENT_SERVICE: sandboxUrl,
    AWS_ENDPOINT_URL_SQS: sandboxUrl,
    NEXTAUTH_SECRET: "a-secret-of-tests-that-is-long-enough",
    SELLER_EVENTS_SECRET: "another-secret-of-tests-as-long",
    LOG_LEVEL: "error",
  };
}

/** The process keeps its environment, database and AWS clients on globalThis: the next world must not find them. */
function forgetProcess(): void {
  for (const name of ["portalEnv", "portalDatabase", "portalAwsClients"])
    Reflect.deleteProperty(globalThis, name);
}

/** Buyers, and AWS's events about what they hold. */
function market(sandbox: Awaited<ReturnType<typeof openSandbox>>) {
  const heard = new Set<string>();
  const registers = async (registrationToken: string) =>
    registerBuyer({ registrationToken, offerType: null, now: await businessNow() });
  const mail = async () => {
    const { items } = (await sandbox.door("GET", "/_sandbox/events")).json as {
      items: { id: string; envelope: unknown }[];
    };
    return items.map((item) => Envelope.parse(item.envelope)).reverse();
  };
  /** Brings the events that AWS has sent and nobody heard yet, and applies them. */
  const hears = async () => {
    for (const envelope of await mail()) {
      if (heard.has(envelope.id)) continue;
      heard.add(envelope.id);
      await receiveLifecycleEvent({ envelope, now: await businessNow() });
    }
    await keepLicenses();
  };
  return {
    buys: sandbox.subscribe,
    registers,
    /** Every event AWS has sent so far, oldest first. */
    mail,
    hears,
    /** Cancels a license at AWS, and answers when it ended. */
    ends: async (license: WorldLicense): Promise<Date> => {
      await sandbox.door("POST", "/_sandbox/cancel", { licenseArn: license.licenseArn });
      await hears();
      const { endsAt } = await db().license.findUniqueOrThrow({ where: { id: license.licenseId } });
      if (!endsAt) throw new Error("the license did not end");
      return endsAt;
    },
    /** A buyer who bought, set up their account, and whose license AWS has confirmed. */
    hasLicense: async (wishes: object = {}): Promise<WorldLicense> => {
      const purchase = await sandbox.subscribe(wishes);
      const registered = await registers(purchase.registrationToken);
      if (!registered.ok) throw new Error(`registration failed: ${registered.reason}`);
      await hears();
      const { id } = await db().license.findFirstOrThrow({ where: { licenseArn: purchase.licenseArn } });
      return { ...purchase, licenseId: id };
    },
  };
}

/** Usage on its way to AWS. */
function metering() {
  const ingests = async (events: unknown[]): Promise<IngestAnswer> =>
    ingestUsage({ events, now: await businessNow() });
  return {
    ingests,
    uses: (license: WorldLicense, ...used: Used[]) => ingests(used.map((one) => usageEvent(license, one))),
    /** Sends what is due, ends what is too late. */
    submits: submitAndExpire,
    /** Does everything due until nothing is left. */
    settles: async () => {
      if (!(await runDue(Date.now() + QUIET_MS))) throw new Error("the portal did not come to rest");
    },
    records: async (filter: RecordFilter = {}): Promise<UsageRecordView[]> =>
      (await listRecords(filter, { limit: 1_000 })).items,
    /** Every place of every series, in total. */
    places: async () => (await reconcile(null)).places,
  };
}

/** One usage event of a license, as a product sends it. */
export function usageEvent(license: WorldLicense, used: Used = {}): Required<Pick<Used, "id">> & Used {
  made++;
  return {
    id: `event-${made}`,
    licenseArn: license.licenseArn,
    dimension: "gb_indexed",
    quantity: "1",
    ...used,
  } as Required<Pick<Used, "id">> & Used;
}
