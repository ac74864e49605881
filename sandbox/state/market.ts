import type { SandboxSettings } from "../env.ts";
import type { Database } from "./database.ts";
import type { Quotas } from "./quotas.ts";

/** The running stand-in for AWS Marketplace, handed to every operation, door and page. */
export type Market = {
  readonly db: Database;
  readonly settings: SandboxSettings;
  readonly quotas: Quotas;
  /** The moment by the sandbox's clock, milliseconds. */
  now(): number;
  /** Where this sandbox answers, e.g. http://localhost:4000. */
  url(): string;
  /** Tells the deliverer that an event may be waiting. */
  wakeDeliveries(): void;
};
