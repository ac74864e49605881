import { randomBytes } from "node:crypto";
import path from "node:path";
import { freePort } from "#scripts/ports.ts";

/** One portal with its sandbox, started for a run and thrown away after it. */
export type World = {
  /** Where everything of this run lies. */
  folder: string;
  /** The portal's address, without a slash at the end. */
  portal: string;
  /** The storefront's address: another site than the portal, as at AWS. */
  market: string;
  /** The file that holds every line the run has printed. */
  output: string;
  admin: { email: string; password: string };
  /** A key with every scope. */
  apiKey: string;
  /** What a command of ours gets to mean this portal and no other. */
  variables: Record<string, string>;
};

/** What somebody set for a portal of theirs; blank means absent. */
const NOT_OURS = [
  "APP_URL",
  "AWS_ENDPOINT_URL",
  "AWS_ENDPOINT_URL_MARKETPLACE_ENTITLEMENT_SERVICE",
  "AWS_ENDPOINT_URL_MARKETPLACE_METERING",
  "DATABASE_URL",
  "HOST",
  "NEXTAUTH_SECRET",
  "SANDBOX_CLOCK",
  "SANDBOX_DOOR_KEY",
  "SANDBOX_URL",
  "SELLER_EVENTS_SECRET",
];

/** Decides where a run's portal lives and who may enter it. */
export async function planWorld(folder: string): Promise<World> {
  const [port, sandboxPort] = [await freePort(), await freePort()];
  const admin = { email: "admin@seller.example", password: secret() };
  const apiKey = `e2e_${secret()}`;
  return {
    folder,
    portal: `http://127.0.0.1:${port}`,
    market: `http://localhost:${sandboxPort}`,
    output: path.join(folder, "output.log"),
    admin,
    apiKey,
    variables: {
      ...Object.fromEntries(NOT_OURS.map((name) => [name, ""])),
      PORTAL_MODE: "sandbox",
      PORT: String(port),
      SANDBOX_PORT: String(sandboxPort),
      DATA_DIR: path.join(folder, "data"),
      ADMIN_EMAIL: admin.email,
      ADMIN_PASSWORD: admin.password,
      BOOTSTRAP_API_KEY: apiKey,
      // The most it can say: quiet logs are quiet at every level.
      LOG_LEVEL: "debug",
      NEXT_DIST_DIR: process.env.NEXT_DIST_DIR || ".next-test",
    },
  };
}

/** A password nobody has used before. */
export function secret(): string {
  return randomBytes(18).toString("base64url");
}

/** The environment of a command that means this world. */
export function environmentOf(world: World): NodeJS.ProcessEnv {
  // A test runner's NODE_ENV would make a test build of the portal.
  const { NODE_ENV: _, ...ours } = process.env;
  return { ...ours, ...world.variables } as NodeJS.ProcessEnv;
}

const HANDED_ON = "E2E_WORLD";

/** Hands the world to the processes that run the stories. */
export function handOn(world: World): void {
  process.env[HANDED_ON] = JSON.stringify(world);
}

/** The world this process was handed. */
export function currentWorld(): World {
  const text = process.env[HANDED_ON];
  if (!text) throw new Error("no world was started: run the stories with npx playwright test");
  return JSON.parse(text) as World;
}
