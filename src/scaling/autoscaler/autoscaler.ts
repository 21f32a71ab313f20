import { toSwarmError } from "../../errors.ts";
import { presentClusters } from "../../lifecycle/records/cluster-repository.ts";
import { pause } from "../../platform/wait.ts";
import type { Cluster } from "../../store/clusters.ts";
import { Bell } from "./bell.ts";
import { ClusterLoop, type ClusterLoopOptions } from "./cluster-loop.ts";
import { isAttended } from "./scaled-cluster.ts";

export interface AutoscalerOptions extends Omit<ClusterLoopOptions, "leaseMs"> {
  /** The clusters to scale, of those that are present. */
  readonly selects: (row: Cluster) => boolean;
  readonly onNote: (text: string) => void;
}

/** The rows are read this often at least, so that a new cluster is attended to soon. */
const longestLookMs = 5_000;
const leaseBounds = { least: 5_000, most: 30_000 };

/** How long a lease lasts without a renewal: three intervals, within bounds. */
export function leaseMsOf(intervalMs: number): number {
  return Math.min(leaseBounds.most, Math.max(leaseBounds.least, 3 * intervalMs));
}

interface Attended {
  readonly bell: Bell;
  readonly ended: Promise<void>;
  isRunning: boolean;
  /** Version of the row that the loop has heard of last. */
  version: number;
}

/** Scales all selected clusters until the signal is aborted, each in a loop of its own. */
export async function runAutoscaler(options: AutoscalerOptions, signal: AbortSignal): Promise<void> {
  const { intervalMs, onNote } = options;
  const attended = new Map<string, Attended>();
  while (!signal.aborted) {
    try {
      for (const row of await clustersToScale(options)) attend(row);
    } catch (error) {
      onNote(`the store cannot be read: ${error instanceof Error ? error.message : String(error)}`);
    }
    await pause(Math.min(intervalMs, longestLookMs), signal);
  }
  await Promise.all([...attended.values()].map(({ ended }) => ended));

  function attend(row: Cluster): void {
    const present = attended.get(row.id);
    if (present?.version === row.version) return;
    if (present?.isRunning) {
      present.version = row.version;
      present.bell.ring("change");
      return;
    }
    const bell = new Bell();
    const loop = new ClusterLoop({ ...options, leaseMs: leaseMsOf(intervalMs) }, row, bell);
    const one: Attended = {
      bell,
      isRunning: true,
      version: row.version,
      ended: loop.run(signal).then(() => end(one, loop)),
    };
    attended.set(row.id, one);
  }

  /** A loop that ended by itself begins again when its row changes. */
  function end(one: Attended, loop: ClusterLoop): void {
    one.isRunning = false;
    one.version = loop.version;
  }
}

async function clustersToScale({ store, selects }: AutoscalerOptions): Promise<readonly Cluster[]> {
  return (await presentClusters(store)).filter((row) => isAttended(row) && selects(row));
}

/** Looks once at each selected cluster. */
export async function lookOnce(options: AutoscalerOptions, signal: AbortSignal): Promise<void> {
  const { intervalMs, onFailure } = options;
  for (const row of await clustersToScale(options)) {
    const loop = new ClusterLoop({ ...options, leaseMs: leaseMsOf(intervalMs) }, row, new Bell());
    try {
      await loop.look("start", signal);
    } catch (error) {
      if (signal.aborted) return;
      onFailure(row.name, toSwarmError(error));
    } finally {
      await loop.end();
    }
  }
}
