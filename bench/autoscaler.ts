import { mkdtempSync, rmSync } from "node:fs";
import { cpus, tmpdir, totalmem } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { leaseMsOf } from "../src/scaling/autoscaler/autoscaler.ts";
import { Bell } from "../src/scaling/autoscaler/bell.ts";
import { ClusterLoop } from "../src/scaling/autoscaler/cluster-loop.ts";
import { RedisConnections } from "../src/scaling/sources/redis/connections.ts";
import { openStore, type Store } from "../src/store/store.ts";
import { connectRedis, type RedisClient } from "../src/tasks/redis/connect.ts";
import { RedisQueue } from "../src/tasks/redis/queue.ts";
import { startRedis } from "../tools/services/redis.ts";
import { isAvailable } from "../tools/services/service.ts";
import { agentsOfCluster, BenchCluster } from "./autoscaler/cluster.ts";

/**
 * Measures the loop of an autoscaler: every 2 s it looks at all worker types at once, in clusters of 10, reads their queues from a
 * Redis, decides, and writes its records to a SQLite file. A loop is over when the last decision is recorded. The instances are
 * lists in memory: what a target takes to answer is not measured. `quiet`: nothing changes. `busy`: before each loop a tenth of the
 * types gets ten tasks, and those of the loop before are done.
 */
const intervalMs = 2_000;
const loops = 30;

interface Figure {
  readonly name: string;
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly p99Ms: number;
  readonly cores: number;
  readonly memoryMiB: number;
  readonly decisionWrites: number;
  readonly countWrites: number;
  readonly redisWrites: number;
  readonly leaseRenewals: number;
}

class Bench {
  readonly #client: RedisClient;
  readonly #url: string;
  readonly #store: Store;
  readonly #connections = new RedisConnections();
  readonly #clusters: { readonly cluster: BenchCluster; readonly loop: ClusterLoop; readonly queue: RedisQueue }[] = [];
  #records = 0;
  #renewals = 0;

  constructor(client: RedisClient, url: string, store: Store) {
    this.#client = client;
    this.#url = url;
    this.#store = store;
    const renew = store.leases.renew.bind(store.leases);
    store.leases.renew = (...given) => {
      this.#renewals++;
      return renew(...given);
    };
  }

  async add(types: number): Promise<void> {
    const store: Store = {
      ...this.#store,
      fenced: (lease, work) => {
        this.#records++;
        return this.#store.fenced(lease, work);
      },
    };
    while (this.#clusters.length * agentsOfCluster < types) {
      const name = `team-${this.#clusters.length}`;
      const row = await store.clusters.create({
        ...{ tenant: "default", name, type: "standard", activeStack: name, blueprintId: name },
        ...{ blueprintVersion: "1", blueprintDigest: "", target: "local", status: "ACTIVE", wish: null, generation: 1 },
        ...{ currentWorkers: 0, targetWorkers: 0, minWorkers: 0, maxWorkers: 0 },
      });
      if (row === undefined) throw new Error(`${name} exists`);
      const cluster = new BenchCluster(row, this.#connections, this.#url);
      const options = {
        ...{ store, mode: "scale" as const, intervalMs, leaseMs: leaseMsOf(intervalMs), now: Date.now },
        open: async () => cluster,
        onTurn: async () => {},
        onStandBy: (_: string, holder: string) => {
          throw new Error(`${holder} scales it`);
        },
        onFailure: () => {},
      };
      const queue = new RedisQueue({
        client: this.#client,
        cluster: row.id,
        clock: { now: Date.now },
        random: Math.random,
        streams: {},
      });
      const task = {
        selector: { agent: "worker-0" },
        payload: null,
        priority: "normal",
        maxAttempts: 3,
        leaseMs: 60_000,
      } as const;
      await queue.add(task);
      this.#clusters.push({ cluster, queue, loop: new ClusterLoop(options, row, new Bell()) });
    }
  }

  async measure(name: string, isBusy: boolean): Promise<Figure> {
    const { signal } = new AbortController();
    const look = async () => {
      await Promise.all(this.#clusters.map(({ loop }) => loop.look("interval", signal)));
    };
    // Leases, scripts and the first counts.
    for (let warm = 0; warm < 3; warm++) await look();
    const before = await this.#marks();
    const tookMs: number[] = [];
    const begun = performance.now();
    const cpu = process.cpuUsage();
    let ownMs = 0;
    for (let n = 0; n < loops; n++) {
      if (isBusy) {
        const cpuBefore = process.cpuUsage();
        await this.#work(n);
        const used = process.cpuUsage(cpuBefore);
        ownMs += (used.user + used.system) / 1_000;
      }
      await delay(Math.max(0, begun + n * intervalMs - performance.now()));
      const start = performance.now();
      await look();
      tookMs.push(performance.now() - start);
    }
    const used = process.cpuUsage(cpu);
    const elapsedMs = performance.now() - begun;
    const after = await this.#marks();
    return {
      name,
      p50Ms: percentile(tookMs, 0.5),
      p95Ms: percentile(tookMs, 0.95),
      p99Ms: percentile(tookMs, 0.99),
      cores: Math.round((1_000 * ((used.user + used.system) / 1_000 - ownMs)) / elapsedMs) / 1_000,
      memoryMiB: Math.round(process.memoryUsage.rss() / 2 ** 20),
      decisionWrites: after.records - before.records,
      countWrites: after.counts - before.counts,
      redisWrites: isBusy ? 0 : after.redis - before.redis,
      leaseRenewals: after.renewals - before.renewals,
    };
  }

  /** The work of the loop before is done, and a tenth of the types gets more. */
  async #work(round: number): Promise<void> {
    await Promise.all(
      this.#clusters.map(async ({ queue }) => {
        const { items } = await queue.list({ limit: 100, state: "waiting" });
        await Promise.all(items.map(({ id }) => queue.cancel(id)));
        const selector = { agent: `worker-${round % agentsOfCluster}` };
        const task = { selector, payload: null, priority: "normal", maxAttempts: 3, leaseMs: 60_000 } as const;
        await Promise.all(Array.from({ length: 10 }, () => queue.add(task)));
      }),
    );
  }

  async #marks() {
    const info = await this.#client.info("persistence");
    const redis = Number(/rdb_changes_since_last_save:(\d+)/.exec(info)?.[1]);
    const counts = this.#clusters.reduce((sum, { cluster }) => sum + cluster.writes, 0);
    return { redis, counts, records: this.#records, renewals: this.#renewals };
  }

  async close(): Promise<void> {
    for (const { loop } of this.#clusters) await loop.end();
    this.#connections.close();
  }
}

function percentile(values: readonly number[], part: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return Math.round(10 * (sorted[Math.floor(part * (sorted.length - 1))] ?? 0)) / 10;
}

const size = `${cpus().length} cores, ${Math.round(totalmem() / 2 ** 30)} GiB, ${cpus()[0]?.model.trim()}`;
console.log(`${loops} loops, one each ${intervalMs / 1_000} s, Node ${process.version}, ${size}`);
const redis = await startRedis();
if (!isAvailable(redis)) throw new Error(redis.unavailable);
const folder = mkdtempSync(join(tmpdir(), "swarm-bench-"));
const client = await connectRedis(redis.url);
const store = await openStore({ kind: "sqlite", path: join(folder, "store.db") }, { now: Date.now });
const bench = new Bench(client, redis.url, store);
const figures: Figure[] = [];
try {
  for (const types of [10, 100, 1_000]) {
    await bench.add(types);
    for (const load of ["quiet", "busy"]) {
      const figure = await bench.measure(`${types} types, ${load}`, load === "busy");
      console.log(JSON.stringify(figure));
      figures.push(figure);
    }
  }
} finally {
  await bench.close();
  client.destroy();
  await store.close();
  await redis.stop();
  rmSync(folder, { recursive: true, force: true });
}
console.log(JSON.stringify({ autoscaler: figures }));
