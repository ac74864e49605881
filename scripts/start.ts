import { EnvError, env } from "#lib/env.ts";
import { ensureBuild } from "./build.ts";
import { startChild } from "./up/child.ts";
import { portalArguments } from "./up/portal-arguments.ts";
import { createStopper } from "./up/stopper.ts";

// npm start: the production web server alone. The worker, the database and AWS are somebody else's to bring.
const stopper = createStopper();
try {
  const { HOST, PORT } = env();
  await ensureBuild();
  const portal = startChild("portal", portalArguments(HOST, PORT), {
    ...process.env,
    NODE_ENV: "production",
    NEXT_MANUAL_SIG_HANDLE: "1",
  });
  stopper.add(() => portal.stop(10_000));
  const how = await portal.ended;
  if (!stopper.stopping) console.error(`The portal stopped (${how}).`);
  await stopper.stopAll(1);
} catch (error) {
  if (!stopper.stopping) {
    console.error(error instanceof EnvError ? error.message : error);
    await stopper.stopAll(1);
  }
}
