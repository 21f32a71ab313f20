import { readdir, readFile, rm, stat } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { SwarmError } from "../errors.ts";
import { systemCode } from "../platform/files.ts";
import { type StateBackend, stackFolder } from "./backend.ts";
import { identify, type SessionProcess } from "./process-tree.ts";

/** Holder of a stack, from its lock file (pkg/backend/diy/lock.go of Pulumi). */
export interface LockHolder {
  readonly pid: number;
  readonly username: string;
  readonly hostname: string;
  readonly timestamp: Date;
}

/** A file that locks one stack of a file backend. */
export interface StackLock {
  readonly file: string;
  /** Undefined if a power loss or a kill left the file empty or truncated; the engine fails on any such file. */
  readonly holder: LockHolder | undefined;
  readonly writtenAtMs: number;
}

const lockSchema = z.object({
  pid: z.number(),
  username: z.string(),
  hostname: z.string(),
  timestamp: z.coerce.date(),
});

/** Start times are precise to about 10 ms, the lock's time to a second. */
const toleranceMs = 2000;

/** A lock is one small write; one still incomplete after this time never will be complete. */
const writtenWithinMs = 2000;

export interface LockCircumstances {
  readonly host: string;
  /** The process that has the lock's PID now, on this host. */
  readonly running: SessionProcess | undefined;
  readonly nowMs: number;
}

/**
 * Whether a lock is stale: from this host, and its process has ended or its PID belongs to a process that started after the
 * lock was written; or incomplete, as its writer never finished. A complete lock from another host is never stale.
 */
export function isStale({ holder, writtenAtMs }: StackLock, { host, running, nowMs }: LockCircumstances): boolean {
  if (holder === undefined) return nowMs - writtenAtMs > writtenWithinMs;
  if (holder.hostname !== host) return false;
  return running === undefined || running.startedAtMs > holder.timestamp.getTime() + toleranceMs;
}

async function readLocks(backend: StateBackend, stack: string): Promise<StackLock[]> {
  if (backend.kind !== "folder") return [];
  const folder = join(stackFolder(backend.dir, "locks"), stack);
  const names = await readdir(folder).catch(() => []);
  const locks = names.filter((name) => !name.endsWith(".attrs")).map((name) => readLock(join(folder, name)));
  return (await Promise.all(locks)).flatMap((lock) => lock ?? []);
}

async function readLock(file: string): Promise<StackLock | undefined> {
  try {
    const [text, { mtimeMs }] = await Promise.all([readFile(file, "utf8"), stat(file)]);
    return { file, holder: lockSchema.safeParse(parseJson(text)).data, writtenAtMs: mtimeMs };
  } catch (error) {
    // Released in the meantime.
    if (systemCode(error) === "ENOENT") return undefined;
    throw error;
  }
}

/** Splits the locks of a stack into held ones (by a running process, or on another host) and those without a holder. */
export async function judgeLocks(
  backend: StateBackend,
  stack: string,
): Promise<{ held: StackLock[]; stale: StackLock[] }> {
  const held: StackLock[] = [];
  const stale: StackLock[] = [];
  for (const lock of await readLocks(backend, stack)) {
    const { holder } = lock;
    const running = holder?.hostname === hostname() ? await identify(holder.pid) : undefined;
    (isStale(lock, { host: hostname(), running, nowMs: Date.now() }) ? stale : held).push(lock);
  }
  return { held, stale };
}

/** Removes only these lock files; `pulumi cancel` would remove every lock of the stack, also a new one. */
export async function removeLocks(locks: readonly StackLock[]): Promise<void> {
  for (const { file } of locks) {
    await rm(file, { force: true });
    await rm(`${file}.attrs`, { force: true });
  }
}

/** Describes the holder of a lock for a message. */
export function describeLock({ holder, file }: Pick<StackLock, "holder" | "file">): string {
  if (holder === undefined) return `an empty or damaged lock file (${file})`;
  return `the lock that process ${holder.pid} left on ${holder.timestamp.toISOString()}`;
}

/**
 * SW601: the holder of the stack, since when, and how to break the lock of a lost host.
 *
 * @param locks lock files, or locks from the engine's output (`locksIn`)
 */
export function lockedError(
  stack: string,
  locks: readonly Pick<StackLock, "holder">[],
  { host = hostname(), nowMs = Date.now() }: Partial<LockCircumstances> = {},
): SwarmError {
  const holders = locks.flatMap(({ holder }) => holder ?? []);
  const words = holders.map(
    ({ username, hostname: at, pid, timestamp }) =>
      `${username}@${at} (process ${pid}) since ${timestamp.toISOString()}, ${ageOf(nowMs - timestamp.getTime())}`,
  );
  const who = words.length === 0 ? "another operation" : words.join("; ");
  const others = [...new Set(holders.map((holder) => holder.hostname).filter((at) => at !== host))];
  const hints = [
    "wait for it: --wait 5m",
    ...(others.length === 0
      ? ["the lock of a process that died is cleared by itself on its own host"]
      : [`if nothing runs on ${others.join(", ")} any more: swarmctl pulumi cancel --stack ${stack} --yes`]),
  ];
  return new SwarmError("SW601", `cluster ${stack} is locked by ${who}`, { hints, values: { stack, locks: holders } });
}

/** Parses the locks that the engine lists when it refuses to run: `created by ada@host (pid 42) at 2026-11-22T12:00:00Z`. */
export function locksIn(text: string): readonly Pick<StackLock, "holder">[] {
  const found = text.matchAll(/created by (\S+)@(\S+) \(pid (\d+)\) at (\S+)/g);
  return [...found].flatMap(([, username = "", at = "", pid, time = ""]) => {
    const timestamp = new Date(time);
    if (Number.isNaN(timestamp.getTime())) return [];
    return [{ holder: { pid: Number(pid), username, hostname: at, timestamp } }];
  });
}

function ageOf(ms: number): string {
  const minutes = Math.max(0, Math.floor(ms / 60_000));
  if (minutes < 1) return "less than a minute";
  if (minutes < 120) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} h` : `${Math.floor(hours / 24)} days`;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
