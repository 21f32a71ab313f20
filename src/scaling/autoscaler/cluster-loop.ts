import { SwarmError, toSwarmError } from "../../errors.ts";
import { pause } from "../../platform/wait.ts";
import type { Cluster } from "../../store/clusters.ts";
import type { Store } from "../../store/store.ts";
import type { Bell, Cause } from "./bell.ts";
import { ClusterScaler } from "./cluster-scaler.ts";
import { acquireScalingLease, otherScalerOf, type ScalingLease } from "./lease.ts";
import { isAttended, type OpenScaledCluster, type ScaledCluster } from "./scaled-cluster.ts";
import { adviser, type Scaler, type TurnReport } from "./scaler.ts";
import { memoryAtStart } from "./stored-memory.ts";

export interface ClusterLoopOptions {
  readonly store: Store;
  readonly open: OpenScaledCluster;
  /** `advise` decides and writes nothing. */
  readonly mode: "scale" | "advise";
  readonly intervalMs: number;
  readonly leaseMs: number;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly onTurn: (cluster: ScaledCluster, report: TurnReport) => Promise<void>;
  /** Another process scales the cluster. */
  readonly onStandBy: (cluster: string, holder: string) => void;
  readonly onFailure: (cluster: string, error: SwarmError) => void;
}

/** From a push until the look: a burst is one look, and one write. */
const gatherMs = 100;

/**
 * Scales one cluster: looks at each interval, and at once when work is pushed. Waits while another process holds the lease of the
 * cluster. Returns when the signal is aborted, or the cluster is no longer one to scale.
 */
export class ClusterLoop {
  readonly #options: ClusterLoopOptions;
  readonly #id: string;
  readonly #bell: Bell;
  readonly #name: string;
  /** Version of the row that it has read last. */
  version: number;
  #cluster: ScaledCluster | undefined;
  #lease: ScalingLease | undefined;
  #scaler: Scaler | undefined;

  constructor(options: ClusterLoopOptions, row: Pick<Cluster, "id" | "name" | "version">, bell: Bell) {
    this.#options = options;
    this.#id = row.id;
    this.#name = row.name;
    this.#bell = bell;
    this.version = row.version;
  }

  async run(signal: AbortSignal): Promise<void> {
    const { intervalMs, leaseMs, onFailure } = this.#options;
    try {
      for (let cause: Cause = "start"; !signal.aborted; ) {
        this.#bell.clear();
        try {
          if (!(await this.look(cause, signal))) return;
        } catch (error) {
          if (signal.aborted) return;
          onFailure(this.#name, toSwarmError(error));
        }
        const standsBy = this.#scaler === undefined;
        cause = await this.#bell.wait(standsBy ? Math.min(intervalMs, leaseMs / 3) : intervalMs, signal);
        if (cause === "push") await pause(gatherMs, signal);
      }
    } finally {
      await this.end();
    }
  }

  /** One look. @returns false when the cluster is no longer one to scale */
  async look(cause: Cause, signal: AbortSignal): Promise<boolean> {
    const { store, open, onTurn } = this.#options;
    const row = await store.clusters.show(this.#id);
    if (row === undefined) return false;
    this.version = row.version;
    if (!isAttended(row)) return false;
    // Its operation has the say until it ends.
    if (row.status !== "ACTIVE") return true;
    if (this.#cluster?.version !== row.version) {
      await this.#cluster?.close();
      this.#cluster = await open(row);
      if (this.#scaler !== undefined) this.#cluster?.listen(this.#bell);
    }
    const cluster = this.#cluster;
    if (cluster === undefined) return false;
    if (this.#lease?.lost.aborted) await this.#release();
    this.#scaler ??= await this.#begin(cluster, signal);
    if (this.#scaler === undefined) return true;
    const report = await this.#scaler.turn(cluster, cause, signal);
    await onTurn(cluster, report);
    // A `pulumi up` without swarmctl leaves the row as it was, and raises the generation: the next look reads it again.
    if (report.changes.some(({ written }) => written?.ok === false && written.code === "moved-on")) await this.#close();
    return true;
  }

  async #close(): Promise<void> {
    await this.#cluster?.close();
    this.#cluster = undefined;
  }

  async end(): Promise<void> {
    await this.#release();
    await this.#close();
  }

  /** Takes the lease of a cluster whose target answers; undefined while another process has it. */
  async #begin(cluster: ScaledCluster, signal: AbortSignal): Promise<Scaler | undefined> {
    const { store, mode, leaseMs, now, onStandBy } = this.#options;
    if (mode === "scale") {
      const other = await otherScalerOf(store, this.#id);
      if (other !== undefined) {
        onStandBy(this.#name, other);
        return undefined;
      }
      await requireAnswer(cluster, signal);
      const reply = await acquireScalingLease(store, this.#id, leaseMs);
      if (!reply.ok) return undefined;
      this.#lease = reply.held;
    }
    const memory = memoryAtStart((await store.scalingMemories.show(this.#id))?.memory, now());
    cluster.listen(this.#bell);
    return this.#lease === undefined
      ? adviser(memory, now)
      : new ClusterScaler({ store, lease: this.#lease, memory, now });
  }

  async #release(): Promise<void> {
    const lease = this.#lease;
    this.#lease = undefined;
    this.#scaler = undefined;
    // A store that is gone, or a holder that took over, has nothing to release.
    await lease?.release().catch(() => {});
  }
}

/** @throws SwarmError SW704 when the target says nothing of any agent: another process may reach it */
async function requireAnswer(cluster: ScaledCluster, signal: AbortSignal): Promise<void> {
  const { agents } = await cluster.observe(signal);
  if (Object.values(agents).some(({ live }) => live !== undefined)) return;
  throw new SwarmError("SW704", `the target of cluster ${cluster.name} says nothing of its agents`);
}
