import { registerApiKey } from "../access/create-api-key.ts";
import { ensureFirstAdmin } from "../access/ensure-first-admin.ts";
import { SCOPES } from "../access/scopes.ts";
import { stampDatabase } from "../database/stamp.ts";
import { env } from "../env.ts";
import { doubtForgotten } from "../metering/submission/doubt-forgotten.ts";
import { importSandboxProducts } from "./import-sandbox-products.ts";

/**
 * What every process does before it serves: checks that this is its database, and registers what the environment names.
 * @returns a line that says why it must not start, or null.
 */
export async function preparePortal(): Promise<string | null> {
  const current = env();
  if (!current.NEXTAUTH_SECRET) return "NEXTAUTH_SECRET must be set: npm run up makes one for a sandbox";
  const problem = await stampDatabase(
    { mode: current.PORTAL_MODE, region: current.AWS_REGION },
    doubtForgotten,
  );
  if (problem) return problem;
  if (current.ADMIN_EMAIL && current.ADMIN_PASSWORD) {
    await ensureFirstAdmin({ email: current.ADMIN_EMAIL, password: current.ADMIN_PASSWORD });
  }
  if (current.PORTAL_MODE === "live") return null;
  if (current.BOOTSTRAP_API_KEY)
    await registerApiKey({ name: "BOOTSTRAP_API_KEY", secret: current.BOOTSTRAP_API_KEY, scopes: SCOPES });
  if (current.SANDBOX_DOOR_KEY)
    await registerApiKey({
      name: "The sandbox",
      secret: current.SANDBOX_DOOR_KEY,
      scopes: ["sandbox:clock"],
    });
  await importSandboxProducts();
  return null;
}
