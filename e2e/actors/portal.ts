import { randomUUID } from "node:crypto";
import { expect } from "@playwright/test";
import pg from "pg";
import { z } from "zod";
import { rememberSecret } from "../world/secrets.ts";
import { secret, type World } from "../world/world.ts";
import type { Purchase, Sandbox, Wish } from "./sandbox.ts";
import { type Ran, runPortalCommand } from "./shell.ts";

const Licenses = z.object({ items: z.array(z.object({ id: z.string(), state: z.string() })) });
/** A dimension that nobody at AWS has heard of. */
const MISSPELT = "gb_indexd";
const UsageRecord = z.object({
  id: z.string(),
  licenseArn: z.string(),
  state: z.string(),
  quantity: z.string(),
  attempts: z.number(),
});
export type UsageRecord = z.infer<typeof UsageRecord>;

/** The portal, by its API, its command line and its database. */
export type Portal = ReturnType<typeof portalOf>;

export function portalOf(world: World, sandbox: Sandbox) {
  const request = (method: string, path: string, body?: object): Promise<Response> =>
    fetch(`${world.portal}/api/v1/${path}`, {
      method,
      headers: { authorization: `Bearer ${world.apiKey}`, "content-type": "application/json" },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
  const ask = async (method: string, path: string, body?: object): Promise<unknown> => {
    const answer = await request(method, path, body);
    if (!answer.ok) throw new Error(`the portal answered ${answer.status} to ${method} ${path}`);
    return answer.json();
  };
  const run = (...words: string[]): Promise<Ran> => runPortalCommand(world, words);

  const stateOf = async (license: Record<string, string>): Promise<string | undefined> =>
    Licenses.parse(await ask("GET", `licenses?${new URLSearchParams(license)}`)).items[0]?.state;
  const licenseState = (licenseArn: string) => stateOf({ licenseArn });

  /** Brings a purchase to the portal, as AWS's button does, and waits until its license is as far as that. */
  const registers = async (
    bought: Purchase,
    known: Record<string, string>,
    state = "active",
  ): Promise<Purchase> => {
    const answer = await fetch(`${world.portal}/register`, {
      method: "POST",
      redirect: "manual",
      body: new URLSearchParams({ "x-amzn-marketplace-token": bought.registrationToken }),
    });
    expect(answer.status).toBe(303);
    await expect.poll(() => stateOf(known)).toBe(state);
    return bought;
  };
  const arrives = (bought: Purchase) => registers(bought, { licenseArn: bought.licenseArn });

  /** A buyer who came from AWS and has an active license, but has not finished the set-up. */
  const hasBuyer = async (wish: Wish = {}): Promise<Purchase> => arrives(await sandbox.sells(wish));

  const takesUsage = (licenseArn: string, quantity: string) =>
    takesEvent({ licenseArn, dimension: "gb_indexed", quantity });
  const takesEvent = (event: Record<string, string | undefined>) =>
    ask("POST", "usage", { events: [{ id: randomUUID(), ...event }] });

  /** An event that cannot be counted: refused, and kept. */
  const refusesEvent = async (event: Record<string, string>): Promise<{ id: string }> => {
    const sent = { id: randomUUID(), ...event };
    expect((await request("POST", "usage", { events: [sent] })).status).toBe(422);
    return sent;
  };

  /** Moves business time, and waits until it is there: a long walk on a busy machine goes on after the answer. */
  const movesClock = async (move: { to: "hour-closed" } | { advanceSeconds: number }): Promise<void> => {
    const { to } = z.object({ to: z.string() }).parse(await ask("POST", "sandbox/clock", move));
    await expect.poll(async () => (await now()) >= to, { timeout: 50_000 }).toBe(true);
  };
  const now = async () => {
    const ready: unknown = await (await fetch(`${world.portal}/api/ready`)).json();
    return z.object({ now: z.string() }).parse(ready).now;
  };

  /** Goes on into the next month where this one ends sooner than that: a page of the running month would lose sight of it. */
  const hasMonthLeft = async (hours: number): Promise<void> => {
    const at = await now();
    const later = new Date(Date.parse(at) + hours * 3_600_000).toISOString();
    if (later.slice(0, 7) !== at.slice(0, 7)) await movesClock({ advanceSeconds: hours * 3_600 });
  };

  /** The newest record of a license. */
  const recordOf = async (licenseArn: string): Promise<UsageRecord | undefined> => {
    const path = `usage-records?licenseArn=${encodeURIComponent(licenseArn)}`;
    return z.object({ items: z.array(UsageRecord) }).parse(await ask("GET", path)).items[0];
  };

  const record = async (id: string): Promise<UsageRecord> =>
    UsageRecord.parse(await ask("GET", `usage-records/${id}`));

  /** Closes the hour while AWS leaves every record unprocessed, and answers with the one of this license. */
  const closesHourInVain = async (licenseArn: string): Promise<UsageRecord> => {
    await sandbox.misbehaves({ unprocessed: 1 });
    await movesClock({ to: "hour-closed" });
    await sandbox.behaves();
    const path = `usage-records?licenseArn=${encodeURIComponent(licenseArn)}`;
    const { items } = z.object({ items: z.array(UsageRecord) }).parse(await ask("GET", path));
    expect(items).toMatchObject([{ state: "sealed", attempts: 1 }]);
    return UsageRecord.parse(items[0]);
  };

  /** The connection string of its database, as the command line tells it. */
  const databaseUrl = async (): Promise<string> => {
    const { code, stdout, stderr } = await run("database-url");
    const address = z.url().safeParse(stdout.trim());
    if (!address.success) {
      throw new Error(`database-url ended with ${code} and ${stdout.length} characters: ${stderr}`);
    }
    return address.data;
  };
  /** Runs one statement in its database. */
  const query = async (url: string, sql: string, values: string[] = []): Promise<unknown[]> => {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    try {
      return (await client.query(sql, values)).rows;
    } finally {
      await client.end();
    }
  };

  return {
    run,
    hasBuyer,
    arrives,
    /** A buyer whose license AWS grants tomorrow: what is used until then waits unsealed. */
    hasPendingBuyer: async (wish: Wish = {}): Promise<Purchase> => {
      const bought = await sandbox.sells({ ...wish, licenseAfterSeconds: 86_400 });
      return registers(bought, { licenseArn: bought.licenseArn }, "pending");
    },
    /** A buyer of a listing of the older style whose license number AWS has not told: told in legacy style. */
    hasLegacyBuyer: async (): Promise<Purchase> => {
      await sandbox.switches({ legacyLicenseArn: "absent" });
      const bought = await sandbox.sells({ integration: "legacy" });
      await registers(bought, { customerAwsAccountId: bought.customerAwsAccountId });
      await sandbox.switches({ legacyLicenseArn: "present" });
      return bought;
    },
    takesUsage,
    takesEvent,
    movesClock,
    hasMonthLeft,
    record,
    recordOf,
    /** A record that AWS left unprocessed: it waits, with a reason and time left. */
    hasWaitingRecord: async (quantity: string): Promise<UsageRecord> => {
      const { licenseArn } = await hasBuyer();
      await takesUsage(licenseArn, quantity);
      return closesHourInVain(licenseArn);
    },
    /** A record of a license that has ended: it waits, and AWS takes it for less than an hour. */
    hasEndangeredRecord: async (): Promise<UsageRecord> => {
      await movesClock({ to: "hour-closed" });
      await movesClock({ advanceSeconds: 40 * 60 });
      const { licenseArn } = await hasBuyer();
      await takesUsage(licenseArn, "3");
      await sandbox.cancels(licenseArn);
      await expect.poll(() => licenseState(licenseArn)).toBe("ended");
      return closesHourInVain(licenseArn);
    },
    /** A record that AWS billed without an answer, and calls a duplicate from then on: nobody here can know. */
    hasUnconfirmedRecord: async (quantity: string): Promise<UsageRecord> => {
      const { licenseArn } = await hasBuyer();
      await takesUsage(licenseArn, quantity);
      await sandbox.switches({ identicalResend: "duplicate" });
      await sandbox.misbehaves({ dropAfter: 1 });
      await movesClock({ to: "hour-closed" });
      await sandbox.behaves();
      const id = (await recordOf(licenseArn))?.id ?? "";
      await ask("POST", "usage-records/retry", { ids: [id] });
      await expect.poll(async () => (await record(id)).state).toBe("unconfirmed");
      await sandbox.switches({ identicalResend: "success" });
      return record(id);
    },
    /**
     * A record that AWS refuses for a dimension it does not know: the seller misspelt it in the catalog. Something else of
     * the hour is billed, so that the record itself is to blame.
     */
    hasRefusedRecord: async (of: Purchase, quantity: string): Promise<UsageRecord> => {
      const { licenseArn, productCode } = of;
      const dimensions = [{ key: MISSPELT, name: "Index size", unit: "GB", type: "metered" }];
      const product = {
        name: "Halyard Vector Search",
        pricingModel: "contract_with_consumption",
        dimensions,
      };
      await ask("PUT", `products/${productCode}`, product);
      await takesEvent({ licenseArn, dimension: "api_calls", quantity: "2" });
      await takesEvent({ licenseArn, dimension: MISSPELT, quantity });
      await movesClock({ to: "hour-closed" });
      const path = `usage-records?${new URLSearchParams({ licenseArn, dimension: MISSPELT })}`;
      const { items } = z.object({ items: z.array(UsageRecord) }).parse(await ask("GET", path));
      const id = items[0]?.id ?? "";
      await expect(async () => {
        await ask("POST", "usage-records/retry", { ids: [id] });
        await expect.poll(async () => (await record(id)).state, { timeout: 1_000 }).toBe("rejected");
      }).toPass();
      return record(id);
    },
    /** An event for a dimension that the product does not have: refused, and kept. */
    refusesUsage: async (): Promise<{ id: string }> => {
      const { licenseArn } = await hasBuyer();
      return refusesEvent({ licenseArn, dimension: "not_there_yet", quantity: "4" });
    },
    refusesEvent,
    /** Somebody more on the seller's team. */
    hasAdmin: async (): Promise<{ email: string; password: string }> => {
      const admin = { email: `${randomUUID().slice(0, 8)}@seller.example`, password: secret() };
      rememberSecret(world, { what: "password", value: admin.password });
      const made = await run("admin", "create", "--email", admin.email, "--password", admin.password);
      expect(made.stderr + made.stdout).toContain("may sign in");
      return admin;
    },
    databaseUrl,
    /**
     * Keeps the worker from everything that is on its way to AWS, for as long as `meanwhile` takes. Pages that only read,
     * and decisions about many records, go on.
     */
    standsStill: async (meanwhile: () => Promise<void>): Promise<void> => {
      const client = new pg.Client({ connectionString: await databaseUrl() });
      await client.connect();
      try {
        await client.query("BEGIN");
        await client.query("LOCK TABLE queued_record IN EXCLUSIVE MODE");
        await meanwhile();
      } finally {
        await client.end();
      }
    },
    /** What the audit says was done about something, and by whom. */
    audit: async (subject: string): Promise<unknown[]> =>
      query(await databaseUrl(), "SELECT action, actor FROM audit_entry WHERE subject = $1 ORDER BY id", [
        subject,
      ]),
    query,
    /** The database is another one than it was, as after a restore: the next process that looks notices. */
    isRestored: async (): Promise<void> => {
      await query(await databaseUrl(), "UPDATE portal_state SET database_identity = 'another:1'");
    },
  };
}
