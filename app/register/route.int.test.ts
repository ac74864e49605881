import { expect, vi } from "vitest";
import { db } from "#lib/database/client.ts";
import { uuidv7 } from "#lib/database/uuid.ts";
import { test } from "#lib/testing/world-test.ts";
import { POST } from "./route.ts";

test("a buyer whose names contradict one another reads a page that says whose turn it is, and the log says why", async ({
  world,
}) => {
  const { registrationToken, customerAwsAccountId: awsAccountId } = await world.buys({
    integration: "legacy",
  });
  await db().buyer.create({ data: { id: uuidv7(), awsAccountId, customerIdentifier: "another" } });
  await readsThatItFailed(registrationToken, "two names that belong to two accounts");
  expect(await db().license.count()).toBe(0);
});

test("a buyer reads the same page while the database is away", async ({ world }) => {
  const { registrationToken } = await world.buys();
  await db().$executeRaw`ALTER TABLE portal_state RENAME TO away`;
  await readsThatItFailed(registrationToken, "portal_state");
});

async function readsThatItFailed(token: string, why: string): Promise<void> {
  const written = vi.spyOn(process.stderr, "write").mockReturnValue(true);
  const response = await POST(
    new Request("http://portal/register", {
      method: "POST",
      body: new URLSearchParams({ "x-amzn-marketplace-token": token }),
    }),
  );
  const lines = written.mock.calls.map(([line]) => String(line));
  written.mockRestore();
  expect(response.status).toBe(503);
  expect(response.headers.get("content-type")).toBe("text/html; charset=utf-8");
  expect(response.headers.get("retry-after")).toBe("30");
  expect(await response.text()).toContain("Your set-up could not be finished here");
  expect(lines.filter((line) => line.includes("registration.failed")).join()).toContain(why);
}
