import pLimit from "p-limit";

/** Works on many clusters, on so many at once, and on none twice at the same time. */
export class WorkerPool<Cluster extends { readonly id: string }> {
  readonly #atOnce: ReturnType<typeof pLimit>;
  readonly #reconcile: (cluster: Cluster) => Promise<void>;
  readonly #underWay = new Map<string, Promise<void>>();

  constructor(atOnce: number, reconcile: (cluster: Cluster) => Promise<void>) {
    this.#atOnce = pLimit(atOnce);
    this.#reconcile = reconcile;
  }

  /** Begins with those that wait for nobody yet; returns at once. */
  begin(clusters: readonly Cluster[]): void {
    for (const cluster of clusters) {
      const { id } = cluster;
      if (this.#underWay.has(id)) continue;
      const work = this.#atOnce(() => this.#reconcile(cluster)).finally(() => this.#underWay.delete(id));
      this.#underWay.set(id, work);
    }
  }

  /** Resolves when nothing is under way any more. */
  async ended(): Promise<void> {
    await Promise.allSettled(this.#underWay.values());
  }
}

/** What an engine with its plugins needs at most; measured with 1,000 pods: 1.2 GiB. */
const engineBytes = 2 * 1024 ** 3;

/** How many engines a machine can run at once: one for each core, as far as its memory reaches, and at least one. */
export function enginesAtOnce(cores: number, memoryBytes: number): number {
  return Math.max(1, Math.min(cores, Math.floor(memoryBytes / engineBytes)));
}
