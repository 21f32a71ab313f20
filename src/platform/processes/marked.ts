import { readdirSync, readFileSync } from "node:fs";
import { identify, type ProcessIdentity } from "./identity.ts";

/** How the processes of a site are known: by their environment, which every process that an instance starts inherits. */
export interface SiteMark {
  /** Canonical path of the site. */
  readonly dir: string;
  /** Which site it is of those that have followed each other at this path; undefined means any. */
  readonly id?: string;
}

export const siteVariable = "SWARM_SITE";
export const siteIdVariable = "SWARM_SITE_ID";
export const instanceVariable = "SWARM_INSTANCE";

export interface MarkedProcess extends ProcessIdentity {
  /** Id of the instance that it is, or that started it. */
  readonly instance: string;
}

/**
 * All living processes of ours that carry the mark of a site, lowest number first. It finds what no record tells of: a process
 * whose supervisor was killed before it could write, and one that has left its group. Elsewhere than on Linux: none.
 */
export function markedProcesses(mark: SiteMark): MarkedProcess[] {
  if (process.platform !== "linux") return [];
  const found: MarkedProcess[] = [];
  for (const name of readdirSync("/proc")) {
    const pid = Number(name);
    if (!Number.isInteger(pid) || pid === process.pid) continue;
    const environment = readEnvironment(pid);
    const instance = environment && markedInstance(environment, mark);
    const identity = instance === undefined ? undefined : identify(pid);
    if (instance !== undefined && identity) found.push({ ...identity, instance });
  }
  return found.sort((a, b) => a.pid - b.pid);
}

/** The instance named in an environment (NUL-terminated entries, see proc_pid_environ(5)) that carries the mark. */
export function markedInstance(environment: string, mark: SiteMark): string | undefined {
  if (entryOf(environment, siteVariable) !== mark.dir) return undefined;
  if (mark.id !== undefined && entryOf(environment, siteIdVariable) !== mark.id) return undefined;
  return entryOf(environment, instanceVariable);
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
