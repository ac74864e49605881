import { expect } from "vitest";
import { findOperation } from "#lib/metering/submission/operation-views.ts";
import { startOperation } from "#lib/metering/submission/start-operation.ts";
import { openCaller } from "#lib/testing/caller.ts";
import { test } from "#lib/testing/world-test.ts";
import { DELETE as abort, GET as read } from "./route.ts";

test.for(["hold", "release"] as const)(
  "a key that may retry reads an admin's %s and does not stop it",
  async (kind, { world }) => {
    const now = new Date(await world.sandbox.now());
    const id = await startOperation({ kind, filter: { state: "sealed" }, actor: "an admin", now });
    const { calls } = await openCaller();
    expect(await calls(read, { params: { id } })).toMatchObject({ status: 200, body: { kind } });
    expect(await calls(abort, { params: { id } })).toMatchObject({
      status: 409,
      body: { code: "not_a_retry" },
    });
    expect(await findOperation(id)).toMatchObject({ state: "running" });
  },
);
