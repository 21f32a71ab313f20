import type { Signal } from "../../src/blueprint/model.ts";
import type { RuntimeStatus } from "../../src/drivers/driver.ts";
import type { Actuator, Write } from "../../src/scaling/actuators/actuator.ts";
import type { ScaledCluster } from "../../src/scaling/autoscaler/scaled-cluster.ts";
import type { ScalingConfig } from "../../src/scaling/decide/config.ts";
import { type ClusterSources, observeCluster } from "../../src/scaling/sources/cluster-sources.ts";
import { redisQueue } from "../../src/scaling/sources/queue/redis-queue.ts";
import type { RedisConnections } from "../../src/scaling/sources/redis/connections.ts";
import type { Cluster } from "../../src/store/clusters.ts";

export const agentsOfCluster = 10;

const keys = Array.from({ length: agentsOfCluster }, (_, index) => `worker-${index}`);
const signal: Signal = {
  ...{ metric: "task_queue_length", expression: undefined, scaleUpThreshold: 5, scaleDownThreshold: 0 },
};
const rules = {
  cooldownMs: 0,
  windowMs: 4_000,
  tolerance: 0.1,
  maxStep: undefined,
  panicFactor: 10,
  failForMs: 180_000,
};
const config: ScalingConfig = {
  agents: keys.map((agent) => ({
    ...{ agent, role: "worker", reportsTo: undefined, min: 0, max: 10, pin: undefined },
    rules: { signals: [signal], ...rules, fallback: undefined },
  })),
  ...{ minWorkers: 0, maxWorkers: 100, ceilings: [], pause: undefined },
};

/** A cluster whose tasks are in Redis, and whose instances are a list in memory: as many as were written last, all idle. */
export class BenchCluster implements ScaledCluster {
  readonly id: string;
  readonly name: string;
  readonly version: number;
  readonly identity = { uid: "bench", generation: 1 };
  writes = 0;
  readonly #counts = new Map(keys.map((key) => [key, 0]));
  readonly #sources: ClusterSources;

  constructor({ id, name, version }: Cluster, connections: RedisConnections, url: string) {
    this.id = id;
    this.name = name;
    this.version = version;
    const clock = { now: Date.now };
    this.#sources = {
      agents: keys.map((key) => ({
        ...{ key, resource: key, cores: 1, max: 10, signals: [signal] },
        selectors: [`agent:${key}`, "role:worker", `capability:${key}`],
      })),
      driver: { status: async () => this.#status(), usage: async () => undefined },
      queue: redisQueue({ connections, url, deadlineMs: 1_000, clock, cluster: id, streams: {} }),
      expressions: { connections, redis: url, prometheus: undefined, deadlineMs: 1_000, now: Date.now },
      ...{ isSupervised: true, deadlineMs: 1_000, now: Date.now },
    };
  }

  config = async () => config;
  observe = (until: AbortSignal) => observeCluster(this.#sources, until);

  actuator: Actuator = {
    apply: async (writes: readonly Write[]) => {
      this.writes++;
      for (const { agent, count } of writes) this.#counts.set(agent, count);
      return writes.map(({ count }) => ({ ok: true, count }) as const);
    },
  };

  listen(): void {}

  async close(): Promise<void> {}

  #status(): RuntimeStatus {
    const agents = [...this.#counts].map(([agent, wanted]) => {
      const instances = Array.from({ length: wanted }, (_, index) => {
        return { id: `${agent}-${index}`, state: "running", health: "idle", restarts: 0, tasks: [] } as const;
      });
      return { agent, role: "worker", name: agent, running: wanted, wanted, instances };
    });
    return { api: "process 1", agents };
  }
}
