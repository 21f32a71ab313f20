import pLimit from "p-limit";

/** Works on many clusters, on so many at once, and on none twice at the same time. */
export class Rounds<Cluster extends { readonly id: string }> {
  readonly #atOnce: ReturnType<typeof pLimit>;
  readonly #attend: (cluster: Cluster) => Promise<void>;
  readonly #underWay = new Map<string, Promise<void>>();

  constructor(atOnce: number, attend: (cluster: Cluster) => Promise<void>) {
    this.#atOnce = pLimit(atOnce);
    this.#attend = attend;
  }

  /** Begins with those that wait for nobody yet; returns at once. */
  begin(clusters: readonly Cluster[]): void {
    for (const cluster of clusters) {
      const { id } = cluster;
      if (this.#underWay.has(id)) continue;
      const work = this.#atOnce(() => this.#attend(cluster)).finally(() => this.#underWay.delete(id));
      this.#underWay.set(id, work);
    }
  }

  /** Resolves when nothing is under way any more. */
  async ended(): Promise<void> {
    await Promise.allSettled(this.#underWay.values());
  }
}
