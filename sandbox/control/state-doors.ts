import { Hono } from "hono";
import { settle } from "../lifecycle/settle.ts";
import { exportState } from "../snapshots/export-state.ts";
import { importState } from "../snapshots/import-state.ts";
import {
  forkSnapshot,
  listSnapshots,
  removeSnapshot,
  restoreSnapshot,
  takeSnapshot,
} from "../snapshots/snapshots.ts";
import type { Market } from "../state/market.ts";
import { isJson, needsJson, withBody } from "./json-body.ts";
import { SnapshotName, SnapshotRequest } from "./requests.ts";

const NO_SNAPSHOT = { error: "There is no such snapshot" };

/** Keeping a market, going back to it, and carrying it elsewhere. */
export function stateDoors(market: Market): Hono {
  const doors = new Hono();

  doors.get("/snapshots", (context) => context.json(listSnapshots(market)));
  doors.post("/snapshots", (context) =>
    withBody(context, SnapshotRequest, ({ name }) => context.json(takeSnapshot(market, name), 201)),
  );
  doors.post("/snapshots/:name/restore", (context) => {
    if (!isJson(context)) return needsJson(context);
    const name = SnapshotName.safeParse(context.req.param("name"));
    if (!name.success || !restoreSnapshot(market, name.data)) return context.json(NO_SNAPSHOT, 404);
    market.wakeDeliveries();
    return context.json(listSnapshots(market));
  });
  doors.post("/snapshots/:name/fork", (context) => {
    const from = SnapshotName.safeParse(context.req.param("name"));
    return withBody(context, SnapshotRequest, ({ name }) => {
      if (!from.success || !forkSnapshot(market, from.data, name)) return context.json(NO_SNAPSHOT, 404);
      market.wakeDeliveries();
      return context.json(listSnapshots(market), 201);
    });
  });
  doors.delete("/snapshots/:name", (context) => {
    if (!isJson(context)) return needsJson(context);
    const name = SnapshotName.safeParse(context.req.param("name"));
    if (!name.success || !removeSnapshot(market, name.data)) return context.json(NO_SNAPSHOT, 404);
    return context.json(listSnapshots(market));
  });

  doors.get("/state", (context) => {
    settle(market);
    return context.body(exportState(market), 200, { "content-type": "application/json" });
  });
  doors.put("/state", async (context) => {
    if (!isJson(context)) return needsJson(context);
    const problem = await importState(market, context.req.raw.body);
    if (problem) return context.json({ error: problem }, 400);
    market.wakeDeliveries();
    return context.json({ imported: true });
  });
  return doors;
}
