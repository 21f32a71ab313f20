import { readdirSync, readFileSync, type Stats, statSync } from "node:fs";
import { join } from "node:path";
import { identify, type ProcessIdentity } from "./identity.ts";

/** Marks the processes of a site in their environment, which all descendants of an instance inherit. */
export interface SiteMark {
  /** Canonical path of the site. */
  readonly dir: string;
  /** Id of the site among those at this path over time; undefined: any. */
  readonly id?: string;
}

export const siteVariable = "SWARM_SITE";
export const siteIdVariable = "SWARM_SITE_ID";
export const instanceVariable = "SWARM_INSTANCE";

export interface MarkedProcess extends ProcessIdentity {
  /** Id of its instance. */
  readonly instance: string;
}

/**
 * All running processes of the current user with the mark of a site, lowest pid first. It finds unrecorded processes:
 * those of a supervisor that was killed before it could write, those that have left their group, and those that have
 * dropped the environment, as long as they write to the log of an instance. Linux only; elsewhere it returns none.
 */
export function markedProcesses(mark: SiteMark): MarkedProcess[] {
  if (process.platform !== "linux") return [];
  const found: MarkedProcess[] = [];
  const logs = logsOf(mark.dir);
  for (const name of readdirSync("/proc")) {
    const pid = Number(name);
    if (!Number.isInteger(pid) || pid === process.pid) continue;
    const environment = readEnvironment(pid);
    if (environment === undefined) continue;
    const instance = markedInstance(environment, mark) ?? writtenBy(pid, environment, logs);
    const identity = instance === undefined ? undefined : identify(pid);
    if (instance !== undefined && identity) found.push({ ...identity, instance });
  }
  return found.sort((a, b) => a.pid - b.pid);
}

/** The instance in an environment (NUL-terminated entries, see proc_pid_environ(5)) that has the mark. */
export function markedInstance(environment: string, mark: SiteMark): string | undefined {
  if (entryOf(environment, siteVariable) !== mark.dir) return undefined;
  if (mark.id !== undefined && entryOf(environment, siteIdVariable) !== mark.id) return undefined;
  return entryOf(environment, instanceVariable);
}

/** Logs of a site's instances: instance by file. */
function logsOf(dir: string): ReadonlyMap<string, string> {
  const folder = join(dir, "logs");
  const logs = new Map<string, string>();
  for (const name of namesIn(folder)) {
    const instance = /^(.+)\.(?:log(?:\.\d+)?|pipe)$/.exec(name)?.[1];
    const file = fileAt(join(folder, name));
    if (instance !== undefined && file !== undefined) logs.set(file, instance);
  }
  return logs;
}

/** The instance into whose log a process without any mark writes its output: a daemon that was started with `env -i`. */
function writtenBy(pid: number, environment: string, logs: ReadonlyMap<string, string>): string | undefined {
  if (logs.size === 0 || entryOf(environment, siteVariable) !== undefined) return undefined;
  for (const descriptor of [1, 2]) {
    const instance = logs.get(fileAt(`/proc/${pid}/fd/${descriptor}`) ?? "");
    if (instance !== undefined) return instance;
  }
  return undefined;
}

function fileAt(path: string): string | undefined {
  const found = statOf(path);
  return found && `${found.dev}:${found.ino}`;
}

function statOf(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function entryOf(environment: string, name: string): string | undefined {
  const entries = `\0${environment}`;
  const start = entries.indexOf(`\0${name}=`);
  if (start < 0) return undefined;
  const from = start + name.length + 2;
  const end = entries.indexOf("\0", from);
  return end < 0 ? undefined : entries.slice(from, end);
}

function readEnvironment(pid: number): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/environ`, "utf8");
  } catch {
    return undefined;
  }
}
