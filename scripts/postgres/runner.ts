import { execFileSync, spawnSync } from "node:child_process";
import { StartError } from "../start-error.ts";

/**
 * How a PostgreSQL program is started on this machine. PostgreSQL refuses to run as root, so root runs it as
 * somebody else: in a user namespace where root appears as user 1000 (files stay root's, and a checkout below a
 * folder that other users may not enter works), or, where namespaces are forbidden, as the user `postgres`.
 */
export interface Runner {
  /** Words in front of the program. */
  prefix: string[];
  /** The user to become, when it is another than ours. */
  as?: { uid: number; gid: number };
}

const NAMESPACE = ["unshare", "--user", "--map-user=1000", "--map-group=1000", "--"];

/** Picks the way for this process. */
export function chooseRunner(): Runner {
  if (process.getuid?.() !== 0) return { prefix: [] };
  if (spawnSync(NAMESPACE[0] ?? "", [...NAMESPACE.slice(1), "true"]).status === 0)
    return { prefix: NAMESPACE };
  return { prefix: [], as: postgresUser() };
}

function postgresUser(): { uid: number; gid: number } {
  const known = idsOf("postgres");
  if (known) return known;
  spawnSync("useradd", ["--system", "--user-group", "--no-create-home", "postgres"]);
  const made = idsOf("postgres");
  if (made) return made;
  throw new StartError(
    "PostgreSQL does not run as root, and this machine allows neither user namespaces (unshare) nor a user named postgres. " +
      "Start as an ordinary user, or set DATABASE_URL to a PostgreSQL 18 of yours.",
  );
}

function idsOf(user: string): { uid: number; gid: number } | undefined {
  try {
    const id = (flag: string) =>
      Number(execFileSync("id", [flag, user], { encoding: "utf8", stdio: "pipe" }));
    return { uid: id("-u"), gid: id("-g") };
  } catch {
    return undefined;
  }
}
