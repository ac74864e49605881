import { randomUUID } from "node:crypto";
import { expect } from "@playwright/test";
import pg from "pg";
import { z } from "zod";
import { rememberSecret } from "../world/secrets.ts";
import { secret, type World } from "../world/world.ts";
import type { Purchase, Sandbox } from "./sandbox.ts";
import { type Ran, runPortalCommand } from "./shell.ts";

const Licenses = z.object({ items: z.array(z.object({ id: z.string(), state: z.string() })) });
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

  const licenseState = async (licenseArn: string): Promise<string | undefined> => {
    const path = `licenses?licenseArn=${encodeURIComponent(licenseArn)}`;
    return Licenses.parse(await ask("GET", path)).items[0]?.state;
  };

  /** A buyer who came from AWS and has an active license, but has not finished the set-up. */
  const hasBuyer = async (): Promise<Purchase> => {
    const bought = await sandbox.sells();
    const answer = await fetch(`${world.portal}/register`, {
      method: "POST",
      redirect: "manual",
      body: new URLSearchParams({ "x-amzn-marketplace-token": bought.registrationToken }),
    });
    expect(answer.status).toBe(303);
    await expect.poll(() => licenseState(bought.licenseArn)).toBe("active");
    return bought;
  };

  const takesUsage = (licenseArn: string, quantity: string) =>
    takesEvent({ licenseArn, dimension: "gb_indexed", quantity });
  const takesEvent = (event: Record<string, string | undefined>) =>
    ask("POST", "usage", { events: [{ id: randomUUID(), ...event }] });

  /** Moves business time, and waits until it is there: a long walk on a busy machine goes on after the answer. */
  const movesClock = async (move: { to: "hour-closed" } | { advanceSeconds: number }): Promise<void> => {
    const { to } = z.object({ to: z.string() }).parse(await ask("POST", "sandbox/clock", move));
    const now = async () => {
      const ready: unknown = await (await fetch(`${world.portal}/api/ready`)).json();
      return z.object({ now: z.string() }).parse(ready).now;
    };
    await expect.poll(async () => (await now()) >= to, { timeout: 50_000 }).toBe(true);
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

  return {
    run,
    hasBuyer,
    takesUsage,
    takesEvent,
    movesClock,
    record,
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
      const path = `usage-records?licenseArn=${encodeURIComponent(licenseArn)}`;
      const Page = z.object({ items: z.array(UsageRecord) });
      const read = async () => Page.parse(await ask("GET", path)).items[0];
      const id = (await read())?.id;
      await ask("POST", "usage-records/retry", { ids: [id] });
      await expect.poll(async () => (await read())?.state).toBe("unconfirmed");
      await sandbox.switches({ identicalResend: "success" });
      return record(id ?? "");
    },
    /** An event for a dimension that the product does not have: refused, and kept. */
    refusesUsage: async (): Promise<{ id: string }> => {
      const { licenseArn } = await hasBuyer();
      const event = { id: randomUUID(), licenseArn, dimension: "not_there_yet", quantity: "4" };
      const answer = await request("POST", "usage", { events: [event] });
      expect(answer.status).toBe(422);
      return event;
    },
    /** Somebody more on the seller's team. */
    hasAdmin: async (): Promise<{ email: string; password: string }> => {
      const admin = { email: `${randomUUID().slice(0, 8)}@seller.example`, password: secret() };
      rememberSecret(world, { what: "password", value: admin.password });
      const made = await run("admin", "create", "--email", admin.email, "--password", admin.password);
      expect(made.stderr + made.stdout).toContain("may sign in");
      return admin;
    },
    /** The connection string of its database, as the command line tells it. */
    databaseUrl: async (): Promise<string> => {
      const { code, stdout, stderr } = await run("database-url");
      const address = z.url().safeParse(stdout.trim());
      if (!address.success) {
        throw new Error(`database-url ended with ${code} and ${stdout.length} characters: ${stderr}`);
      }
      return address.data;
    },
    /** Runs one statement in its database. */
    query: async (databaseUrl: string, sql: string, values: string[] = []): Promise<unknown[]> => {
      const client = new pg.Client({ connectionString: databaseUrl });
      await client.connect();
      try {
        return (await client.query(sql, values)).rows;
      } finally {
        await client.end();
      }
    },
  };
}
