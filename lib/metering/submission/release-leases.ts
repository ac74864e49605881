import { db } from "../../database/client.ts";
import { takeBackLeases } from "./claim-store.ts";

/** Frees what a dead worker held, so that another can send it. Answers how many records. */
export async function releaseLeases(now: Date): Promise<number> {
  return takeBackLeases(db(), now);
}
