import type { SandboxSettings } from "../env.ts";
import type { Database } from "./database.ts";

/** The running stand-in for AWS Marketplace, handed to every operation, door and page. */
export type Market = {
  readonly db: Database;
  readonly settings: SandboxSettings;
  /** The moment by the sandbox's clock, milliseconds. */
  now(): number;
  /** Tells the deliverer that an event may be waiting. */
  wakeDeliveries(): void;
};
