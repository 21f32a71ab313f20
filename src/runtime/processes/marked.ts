import { readdirSync, readFileSync } from "node:fs";
import { identify, type ProcessIdentity } from "./identity.ts";

/** Environment variable with the folder of the site; every process that an instance starts inherits it. */
export const siteMark = "SWARM_SITE";
export const instanceMark = "SWARM_INSTANCE";

export interface MarkedProcess extends ProcessIdentity {
  /** Id of the instance that it is, or that started it. */
  readonly instance: string;
}

/**
 * All living processes of ours that carry the mark of a site, oldest number first. It finds what no record tells of: a process
 * whose supervisor was killed before it could write, and one that has left its group. Elsewhere than on Linux: none.
 */
export function markedProcesses(site: string): MarkedProcess[] {
  if (process.platform !== "linux") return [];
  const found: MarkedProcess[] = [];
  for (const name of readdirSync("/proc")) {
    const pid = Number(name);
    if (!Number.isInteger(pid) || pid === process.pid) continue;
    const environment = readEnvironment(pid);
    const instance = environment && markOf(environment, site);
    const identity = instance === undefined ? undefined : identify(pid);
    if (instance !== undefined && identity) found.push({ ...identity, instance });
  }
  return found.sort((a, b) => a.pid - b.pid);
}

/** The instance named in an environment (NUL-terminated entries) that carries the mark of the site. */
export function markOf(environment: string, site: string): string | undefined {
  const entries = `\0${environment}`;
  if (!entries.includes(`\0${siteMark}=${site}\0`)) return undefined;
  const start = entries.indexOf(`\0${instanceMark}=`);
  if (start < 0) return undefined;
  const from = start + instanceMark.length + 2;
  return entries.slice(from, entries.indexOf("\0", from));
}

function readEnvironment(pid: number): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/environ`, "utf8");
  } catch {
    return undefined;
  }
}
