import pLimit from "p-limit";

/** Reconciles clusters with bounded concurrency, each cluster once at a time. */
export class WorkerPool<Cluster extends { readonly id: string }> {
  readonly #atOnce: ReturnType<typeof pLimit>;
  readonly #reconcile: (cluster: Cluster) => Promise<void>;
  readonly #underWay = new Map<string, Promise<void>>();

  constructor(atOnce: number, reconcile: (cluster: Cluster) => Promise<void>) {
    this.#atOnce = pLimit(atOnce);
    this.#reconcile = reconcile;
  }

  /** Queues the clusters that are not queued or running; returns at once. */
  begin(clusters: readonly Cluster[]): void {
    for (const cluster of clusters) {
      const { id } = cluster;
      if (this.#underWay.has(id)) continue;
      const work = this.#atOnce(() => this.#reconcile(cluster)).finally(() => this.#underWay.delete(id));
      this.#underWay.set(id, work);
    }
  }

  /** Resolves when the queue is empty. */
  async ended(): Promise<void> {
    await Promise.allSettled(this.#underWay.values());
  }
}

/** Memory of an engine with its plugins; 1.2 GiB were measured with 1,000 pods. */
const engineBytes = 2 * 1024 ** 3;

/** Returns how many engines a machine can run at once: one per core within its memory, and at least one. */
export function enginesAtOnce(cores: number, memoryBytes: number): number {
  return Math.max(1, Math.min(cores, Math.floor(memoryBytes / engineBytes)));
}
