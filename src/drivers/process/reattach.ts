import { readSite, sitePaths } from "../../supervisor/site.ts";
import { readSupervisor } from "./connection.ts";
import { ensureSupervisor } from "./ensure.ts";

/**
 * Restarts the supervisor of a site after it was killed; it adopts running instances.
 * @returns its process id; undefined if one is running, or there is no such site.
 * @throws SwarmError SW706 when the site belongs to another host, and as `ensureSupervisor`.
 */
export async function reattachSupervisor(dir: string, signal?: AbortSignal): Promise<number | undefined> {
  const site = readSite(sitePaths(dir));
  if (site === undefined || readSupervisor(dir).state === "alive") return undefined;
  const { cluster, uid, owner, arrival } = site;
  return (await ensureSupervisor({ dir, cluster, uid, owner, arrival }, signal && { signal })).pid;
}
