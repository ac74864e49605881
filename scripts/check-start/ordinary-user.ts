import { execFileSync, spawnSync } from "node:child_process";

/** Makes an ordinary user for the time of one piece of work, and removes that user again. Only root can. */
export async function withOrdinaryUser<T>(
  work: (user: { uid: number; gid: number }) => Promise<T>,
): Promise<T> {
  const name = `check-start-${process.pid}`;
  execFileSync("useradd", ["--system", "--user-group", "--no-create-home", name]);
  try {
    const id = (flag: string) => Number(execFileSync("id", [flag, name], { encoding: "utf8" }));
    return await work({ uid: id("-u"), gid: id("-g") });
  } finally {
    spawnSync("userdel", [name]);
  }
}
