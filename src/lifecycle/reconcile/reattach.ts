import { reattachSupervisor } from "../../drivers/process/client.ts";
import { SwarmError } from "../../errors.ts";
import type { Cluster } from "../../store/clusters.ts";
import { resolveRow } from "../records/cluster-names.ts";

/**
 * Restarts the killed supervisor of an active local cluster, which adopts running agents and starts the others.
 *
 * @returns a description of the restart; undefined if none was needed on this host
 */
export async function reattach(cluster: Cluster, signal: AbortSignal): Promise<string | undefined> {
  const { name, status } = cluster;
  const site = status === "ACTIVE" ? resolveRow(name, cluster).location?.site : undefined;
  if (site === undefined) return undefined;
  try {
    const pid = await reattachSupervisor(site.dir, signal);
    return pid === undefined ? undefined : `the supervisor of ${name} had ended: process ${pid} took over`;
  } catch (error) {
    // A cluster on another host is left to that host's watcher.
    if (error instanceof SwarmError && (error.code === "SW706" || error.code === "SW606")) return undefined;
    return `the supervisor of ${name} does not start: ${error instanceof Error ? error.message : String(error)}`;
  }
}
