import { readSite, sitePaths } from "../../supervisor/site.ts";
import { readSupervisor } from "./connection.ts";
import { ensureSupervisor } from "./ensure.ts";

/**
 * Starts the supervisor of a site again after it was killed: it takes over the instances that still run.
 * @returns its process id; undefined when one runs, or there is no such site.
 * @throws SwarmError SW706 when the site belongs to another host, and as `ensureSupervisor`.
 */
export async function reattachSupervisor(dir: string, signal?: AbortSignal): Promise<number | undefined> {
  const site = readSite(sitePaths(dir));
  if (site === undefined || readSupervisor(dir).state === "alive") return undefined;
  const { cluster, uid, owner, arrival } = site;
  return (await ensureSupervisor({ dir, cluster, uid, owner, arrival }, signal && { signal })).pid;
}
