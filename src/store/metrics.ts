import type { WallClock } from "./clock.ts";
import { type Database, transaction } from "./database.ts";
import { bucketOf, resolutionFor, resolutions } from "./resolutions.ts";

/** The metrics of a cluster, by the names of the original; what was not measured is left out, and is no zero. */
export type MetricName =
  | "cpu_usage"
  | "memory_usage"
  | "tasks_per_minute"
  | "avg_response_time"
  | "error_rate"
  | "agents_active"
  | "agents_idle"
  | "agents_busy"
  | "agents_failed"
  | "queue_length"
  | "queue_wait_time";

export type MetricSample = Readonly<Partial<Record<MetricName, number>>>;

export interface Bucket {
  /** Begin of the bucket. */
  readonly at: number;
  readonly samples: number;
  readonly mean: number;
  readonly least: number;
  readonly most: number;
}

export interface MetricsRequest {
  readonly clusterId: string;
  readonly metric: MetricName;
  readonly from: number;
  readonly to: number;
  /** The finest resolution that the caller wants. */
  readonly stepMs: number;
}

/** Time series at several resolutions, each bounded in time. */
export class ClusterMetrics {
  readonly #database: Database;
  readonly #clock: WallClock;

  constructor(database: Database, clock: WallClock) {
    this.#database = database;
    this.#clock = clock;
  }

  /** Adds a sample of now to its bucket at every resolution. */
  async record(clusterId: string, sample: MetricSample): Promise<void> {
    const now = this.#clock.now();
    const measured = Object.entries(sample).filter((entry): entry is [string, number] => Number.isFinite(entry[1]));
    const rows = measured.flatMap(([metric, value]) =>
      resolutions.map(({ resolutionMs }) => ({
        ...{ clusterId, metric, resolutionMs, at: bucketOf(now, resolutionMs) },
        ...{ samples: 1, total: value, least: value, most: value },
      })),
    );
    if (rows.length === 0) return;
    await this.#database.sql
      .insertInto("clusterMetrics")
      .values(rows)
      .onConflict((conflict) =>
        conflict.columns(["clusterId", "metric", "resolutionMs", "at"]).doUpdateSet((to) => ({
          samples: to("clusterMetrics.samples", "+", 1),
          total: to("clusterMetrics.total", "+", to.ref("excluded.total")),
          least: to
            .case()
            .when("clusterMetrics.least", "<", to.ref("excluded.least"))
            .then(to.ref("clusterMetrics.least"))
            .else(to.ref("excluded.least"))
            .end(),
          most: to
            .case()
            .when("clusterMetrics.most", ">", to.ref("excluded.most"))
            .then(to.ref("clusterMetrics.most"))
            .else(to.ref("excluded.most"))
            .end(),
        })),
      )
      .execute();
  }

  /** The buckets between two times, oldest first. A bucket without a sample is not there. */
  async list({ clusterId, metric, from, to, stepMs }: MetricsRequest): Promise<readonly Bucket[]> {
    const resolutionMs = resolutionFor(from, stepMs, this.#clock.now());
    const rows = await this.#database.sql
      .selectFrom("clusterMetrics")
      .selectAll()
      .where("clusterId", "=", clusterId)
      .where("metric", "=", metric)
      .where("resolutionMs", "=", resolutionMs)
      .where("at", ">=", bucketOf(from, resolutionMs))
      .where("at", "<=", to)
      .orderBy("at")
      .execute();
    return rows.map(({ at, samples, total, least, most }) => ({ at, samples, mean: total / samples, least, most }));
  }

  /** Removes what is older than each resolution is kept. */
  async prune(): Promise<void> {
    const now = this.#clock.now();
    await transaction(this.#database, async ({ sql }) => {
      for (const { resolutionMs, keepMs } of resolutions) {
        await sql
          .deleteFrom("clusterMetrics")
          .where("resolutionMs", "=", resolutionMs)
          .where("at", "<", now - keepMs)
          .execute();
      }
    });
  }
}
