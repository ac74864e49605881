import { openPortal } from "./portal.ts";
import { type OpenSandbox, openSandbox } from "./sandbox.ts";

/** A sandbox with a portal beside it, and a browser without scripts: for what only a connected market shows. */
export async function openShop(environment: Record<string, string> = {}) {
  const portal = await openPortal();
  const sandbox = await openSandbox({ PORTAL_URL: portal.url, ...environment });
  const at = `http://localhost:${sandbox.port}`;
  return {
    portal,
    sandbox: sandbox as OpenSandbox,
    read: async (path: string) => (await fetch(`${at}${path}`)).text(),
    visit: (path: string) => fetch(`${at}${path}`),
    close: async () => {
      await sandbox.close();
      await portal.close();
    },
  };
}

export type OpenShop = Awaited<ReturnType<typeof openShop>>;
