import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { userInfo } from "node:os";
import { StartError } from "../start-error.ts";

/**
 * How a PostgreSQL program is started on this machine. PostgreSQL refuses to run as root, and as a user whom
 * /etc/passwd does not know (`docker run --user`). Then it runs in a user namespace where we appear as an ordinary
 * user: files stay ours, and a checkout below a folder that other users may not enter works. Where namespaces are
 * forbidden, root becomes the user `postgres`.
 */
export interface Runner {
  /** Words in front of the program. */
  prefix: string[];
  /** The user to become, when it is another than ours. */
  as?: { uid: number; gid: number };
}

/** Picks the way for this process. */
export function chooseRunner(): Runner {
  const isRoot = process.getuid?.() === 0;
  if (process.platform === "win32" || (!isRoot && isKnown())) return { prefix: [] };
  const stranger = someOrdinaryUser();
  const prefix = ["--user", `--map-user=${stranger}`, `--map-group=${stranger}`, "--"];
  if (spawnSync("unshare", [...prefix, "true"]).status === 0) return { prefix: ["unshare", ...prefix] };
  return isRoot ? { prefix: [], as: postgresUser() } : { prefix: [] };
}

function isKnown(): boolean {
  try {
    return userInfo().uid >= 0;
  } catch {
    return false;
  }
}

/** PostgreSQL looks its user's name up, so it must be one who exists; nobody does nearly everywhere. */
function someOrdinaryUser(): number {
  const users = existsSync("/etc/passwd") ? readFileSync("/etc/passwd", "utf8").split("\n") : [];
  const ids = users.map((line) => line.split(":")).map(([name, , uid]) => ({ name, uid: Number(uid) }));
  const ordinary = ids.filter(({ uid }) => uid > 0);
  return (ordinary.find(({ name }) => name === "nobody") ?? ordinary[0])?.uid ?? 65_534;
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
