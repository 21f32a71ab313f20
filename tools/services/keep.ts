import { type ChildProcess, spawn } from "node:child_process";
import { chownSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { User } from "./user.ts";

const readyWithinMs = 60_000;

/**
 * Runs a server until its standard input ends, which happens with the process at the other end, also after SIGKILL;
 * then stops the server and removes its folder.
 */
const keeper = `
folder=$1; signal=$2; shift 2
"$@" >"$folder/log" 2>&1 </dev/null &
server=$!
cat >/dev/null
kill -"$signal" "$server" 2>/dev/null
wait "$server"
rm -rf "$folder"
`;

/** An empty folder for a server, owned by its user. */
export function serviceFolder(user: User | undefined): string {
  const folder = mkdtempSync(join(tmpdir(), "swarm-service-"));
  if (user !== undefined) chownSync(folder, user.uid, user.gid);
  return folder;
}

export interface Kept {
  readonly folder: string;
  readonly user: User | undefined;
  readonly command: readonly string[];
  /** The signal that stops the server at once. */
  readonly signal: "TERM" | "QUIT";
  ready(): boolean | Promise<boolean>;
}

/** Starts a server and waits until it is ready; returns a function that stops it. */
export async function keep({ folder, user, command, signal, ready }: Kept): Promise<() => Promise<void>> {
  const child = spawn("sh", ["-c", keeper, "keeper", folder, signal, ...command], {
    cwd: folder,
    detached: true,
    stdio: ["pipe", "ignore", "ignore"],
    ...(user === undefined ? {} : { uid: user.uid, gid: user.gid }),
  });
  const ended = new Promise<void>((resolve) => child.once("close", () => resolve()));
  const stop = async () => {
    child.ref();
    child.stdin.end();
    await ended;
    rmSync(folder, { recursive: true, force: true });
  };
  const end = performance.now() + readyWithinMs;
  while (!(await ready())) {
    if (performance.now() > end || hasEnded(child)) {
      const log = readLog(folder);
      await stop();
      throw new Error(`${command[0]} is not ready after ${readyWithinMs} ms: ${log}`);
    }
    await delay(20);
  }
  // The servers do not keep their starter's event loop alive.
  child.unref();
  return stop;
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

function readLog(folder: string): string {
  try {
    return readFileSync(join(folder, "log"), "utf8").slice(-2_000);
  } catch {
    return "no log";
  }
}
