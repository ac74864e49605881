import { inTransaction } from "../../database/client.ts";
import { closableThrough } from "../hours.ts";
import { raiseClosings } from "./store.ts";

/** Closes every hour that has ended long enough ago. Answers how many product-hours closed. */
export async function closeHours(now: Date): Promise<number> {
  return inTransaction((tx) => raiseClosings(tx, closableThrough(now)));
}
