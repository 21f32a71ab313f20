import { readdir, readFile, rm } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { SwarmError } from "../errors.ts";
import { type StateBackend, stackFolder } from "./backend.ts";
import { identify, type SessionProcess } from "./process-tree.ts";

/** A lock of the engine on one stack of a file backend (pkg/backend/diy/lock.go of Pulumi). */
export interface StackLock {
  readonly file: string;
  readonly pid: number;
  readonly username: string;
  readonly hostname: string;
  readonly timestamp: Date;
}

const lockSchema = z.object({
  pid: z.number(),
  username: z.string(),
  hostname: z.string(),
  timestamp: z.coerce.date(),
});

/** Start times are known to about 10 ms, the lock's time to a second. */
const toleranceMs = 2000;

/**
 * Whether a lock has no holder: it is from this host, and its process has ended, or its PID belongs to a process that
 * started after the lock was written. A lock from another host is never stale.
 */
export function isStale(lock: StackLock, host: string, holder: SessionProcess | undefined): boolean {
  if (lock.hostname !== host) return false;
  return holder === undefined || holder.startedAtMs > lock.timestamp.getTime() + toleranceMs;
}

async function readLocks(backend: StateBackend, stack: string): Promise<StackLock[]> {
  if (backend.kind !== "folder") return [];
  const folder = join(stackFolder(backend.dir, "locks"), stack);
  const names = await readdir(folder).catch(() => []);
  const locks: StackLock[] = [];
  for (const name of names.filter((entry) => entry.endsWith(".json"))) {
    const file = join(folder, name);
    const text = await readFile(file, "utf8").catch(() => undefined);
    const parsed = lockSchema.safeParse(text === undefined ? undefined : parseJson(text));
    if (parsed.success) locks.push({ file, ...parsed.data });
  }
  return locks;
}

/** Splits the locks of a stack into held ones (by a running process, or on another host) and those that a dead process left. */
export async function judgeLocks(
  backend: StateBackend,
  stack: string,
): Promise<{ held: StackLock[]; stale: StackLock[] }> {
  const held: StackLock[] = [];
  const stale: StackLock[] = [];
  for (const lock of await readLocks(backend, stack)) {
    const holder = lock.hostname === hostname() ? await identify(lock.pid) : undefined;
    (isStale(lock, hostname(), holder) ? stale : held).push(lock);
  }
  return { held, stale };
}

/** Removes exactly these lock files. (`pulumi cancel` would remove every lock of the stack, also a new one.) */
export async function removeLocks(locks: readonly StackLock[]): Promise<void> {
  for (const { file } of locks) {
    await rm(file, { force: true });
    await rm(`${file}.attrs`, { force: true });
  }
}

/** SW601: who holds the stack, and since when. */
export function lockedError(stack: string, locks: readonly StackLock[]): SwarmError {
  const holders = locks.map(
    ({ username, hostname: host, pid, timestamp }) =>
      `${username}@${host} (process ${pid}) since ${timestamp.toISOString()}`,
  );
  const who = holders.length === 0 ? "another operation" : holders.join(", ");
  return new SwarmError("SW601", `cluster ${stack} is locked by ${who}`, {
    hints: ["wait for it: --wait 5m", "the lock of a process that died is cleared by itself on its own host"],
    values: { stack, locks: locks.map(({ file: _file, ...lock }) => lock) },
  });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
