import { type SerializedError, type SwarmError, toSwarmError } from "../errors.ts";
import type { Performed } from "../lifecycle/lifecycle.ts";

/** The result of removing several clusters. */
export interface RemovedAll {
  readonly removed: readonly string[];
  readonly failed: readonly { readonly cluster: string; readonly error: SerializedError }[];
  /** Not reached, after an interruption. */
  readonly left: readonly string[];
}

/**
 * Removes clusters one after another; goes on after a failure, not after an interruption.
 *
 * @param onEnd called with the result of each
 */
export async function removeEach(
  clusters: readonly string[],
  remove: (cluster: string) => Promise<Performed>,
  onEnd: (cluster: string, result: Performed | SwarmError) => void,
): Promise<RemovedAll> {
  const removed: string[] = [];
  const failed: { cluster: string; error: SerializedError }[] = [];
  for (const [index, cluster] of clusters.entries()) {
    try {
      const performed = await remove(cluster);
      removed.push(cluster);
      onEnd(cluster, performed);
    } catch (thrown) {
      const error = toSwarmError(thrown);
      // It may be gone since the list was made.
      if (error.code === "SW605") removed.push(cluster);
      else failed.push({ cluster, error: error.toJSON() });
      onEnd(cluster, error);
      if (error.code === "SW606") return { removed, failed, left: clusters.slice(index + 1) };
    }
  }
  return { removed, failed, left: [] };
}

/** One line for each cluster, and a sum. */
export function removedText({ removed, failed, left }: RemovedAll): string {
  return [
    ...failed.map(({ cluster, error }) => `${cluster}: not removed: ${error.code} ${error.message}`),
    ...(left.length === 0 ? [] : [`not reached: ${left.join(", ")}`]),
    `${removed.length} of ${removed.length + failed.length + left.length} clusters removed`,
  ].join("\n");
}
