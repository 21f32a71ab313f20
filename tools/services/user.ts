import { readFileSync } from "node:fs";

export interface User {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

/** The user of the servers: the current one, or for root (which PostgreSQL refuses) an unprivileged account. */
export function serviceUser(): User | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const accounts = readFileSync("/etc/passwd", "utf8")
    .split("\n")
    .map((line) => line.split(":"));
  for (const wanted of ["postgres", "redis", "nobody"]) {
    const [name, , uid, gid] = accounts.find(([found]) => found === wanted) ?? [];
    if (name !== undefined && uid !== undefined && gid !== undefined) {
      return { name, uid: Number(uid), gid: Number(gid) };
    }
  }
  throw new Error("no unprivileged account in /etc/passwd");
}
