import { fork } from "node:child_process";
import path from "node:path";
import { z } from "zod";
import { StartError } from "../start-error.ts";

const FirstAdmin = z.object({ created: z.boolean(), email: z.string(), password: z.string().optional() });

/** Makes sure that there is an admin and returns the line that says how to sign in. A made-up password is in it once. */
export async function signInLine(url: string, env: NodeJS.ProcessEnv): Promise<string> {
  const admin = await ensureFirstAdminApart(env);
  const as = `sign in at ${url}/sign-in as ${admin.email}`;
  if (admin.password) return `${as} with the password ${admin.password} (shown only now)`;
  if (env.ADMIN_EMAIL === admin.email && env.ADMIN_PASSWORD) return `${as} with ADMIN_PASSWORD`;
  return `${as} (another admin: npm run portal -- admin create --email … --password …)`;
}

function ensureFirstAdminApart(env: NodeJS.ProcessEnv): Promise<z.infer<typeof FirstAdmin>> {
  return new Promise((resolve, reject) => {
    const child = fork(path.join(import.meta.dirname, "first-admin.ts"), { env });
    child.once("error", reject);
    child.once("message", (message) => resolve(FirstAdmin.parse(message)));
    child.once("exit", (code) =>
      reject(new StartError(`The first admin could not be made (exit code ${code}).`)),
    );
  });
}
