import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { keep, serviceFolder } from "./keep.ts";
import { findProgram } from "./program.ts";
import type { Service, Unavailable } from "./service.ts";
import { serviceUser } from "./user.ts";

const run = promisify(execFile);

/**
 * Starts a PostgreSQL on a unix socket in a temporary folder.
 * @param durable whether a commit waits for the disk: needed for measurements, not for tests that only kill clients.
 */
export async function startPostgres({ durable = false } = {}): Promise<Service | Unavailable> {
  const initdb = await findProgram("initdb", "postgresql");
  const postgres = await findProgram("postgres", "postgresql");
  if (initdb === undefined || postgres === undefined) {
    return { unavailable: "no PostgreSQL here (Debian: apt-get install postgresql)" };
  }
  const user = serviceUser();
  const folder = serviceFolder(user);
  const data = join(folder, "data");
  await run(initdb, ["-D", data, "-U", "swarm", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"], {
    cwd: folder,
    env: { PATH: `${dirname(initdb)}:${process.env.PATH ?? ""}`, LC_ALL: "C" },
    ...(user === undefined ? {} : { uid: user.uid, gid: user.gid }),
  });
  const settings = {
    listen_addresses: "",
    unix_socket_directories: folder,
    max_connections: "200",
    fsync: durable ? "on" : "off",
    synchronous_commit: durable ? "on" : "off",
  };
  const options = Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
  const stop = await keep({
    folder,
    user,
    command: [postgres, "-D", data, ...options],
    signal: "QUIT",
    ready: () => isReady(data),
  });
  return { url: `postgresql://swarm@localhost/postgres?host=${encodeURIComponent(folder)}`, stop };
}

/** Whether the last line of its pid file says that it accepts connections. */
function isReady(data: string): boolean {
  try {
    return readFileSync(join(data, "postmaster.pid"), "utf8").split("\n")[7]?.trim() === "ready";
  } catch {
    return false;
  }
}
