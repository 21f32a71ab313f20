import { mkdtempSync, rmSync } from "node:fs";
import { Agent } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openApi } from "../../../src/control-plane/api.ts";
import { podDriver } from "../../../src/drivers/kubernetes/kubernetes-driver.ts";
import {
  ensureSupervisor,
  putPool,
  removeSite,
  supervisorStatus,
  waitForPool,
} from "../../../src/drivers/process/client.ts";
import { processDriver } from "../../../src/drivers/process/process-driver.ts";
import { labelKeys } from "../../../src/names.ts";
import type { ClusterSources } from "../../../src/scaling/sources/cluster-sources.ts";
import { redisQueue } from "../../../src/scaling/sources/queue/redis-queue.ts";
import { RedisConnections } from "../../../src/scaling/sources/redis/connections.ts";
import { connectRedis, type RedisClient } from "../../../src/tasks/redis/connect.ts";
import { RedisQueue } from "../../../src/tasks/redis/queue.ts";
import { startRedis } from "../../../tools/services/redis.ts";
import { isAvailable, type Unavailable } from "../../../tools/services/service.ts";
import { type HttpSource, json, samples, startHttpSource } from "./http-source.ts";
import { TcpProxy } from "./tcp-proxy.ts";

const cluster = "c-1";
/** Of each call; the proxy is slower. */
const deadlineMs = 1_000;
const count = 3;
const password = "right";

/**
 * An agent with three instances and a demand for three, from real servers: a Redis behind a proxy, a supervisor with processes, a
 * server that speaks as Prometheus, one with a JSON document, and one that speaks as an API server.
 */
export class Rig {
  readonly site: { readonly dir: string; readonly cluster: string; readonly uid: string; readonly owner: string };
  readonly client: RedisClient;
  readonly proxy: TcpProxy;
  readonly prometheus: HttpSource;
  readonly document: HttpSource;
  readonly apiServer: HttpSource;
  readonly #stopRedis: () => Promise<void>;

  constructor(
    parts: Pick<Rig, "site" | "client" | "proxy" | "prometheus" | "document" | "apiServer">,
    stop: () => Promise<void>,
  ) {
    this.site = parts.site;
    this.client = parts.client;
    this.proxy = parts.proxy;
    this.prometheus = parts.prometheus;
    this.document = parts.document;
    this.apiServer = parts.apiServer;
    this.#stopRedis = stop;
  }

  /** All sources as they should be, with nothing left of an earlier fault. */
  async reset(): Promise<void> {
    this.proxy.fault = "pass";
    await this.client.flushAll();
    const queue = this.queue();
    for (let n = 0; n < count; n++) {
      const task = {
        selector: { agent: "writer" },
        payload: { n },
        priority: "normal",
        maxAttempts: 3,
        leaseMs: 60_000,
      } as const;
      await queue.add(task);
      await this.client.xAdd("orders", "*", { n: String(n) });
    }
    await this.client.xGroupCreate("orders", "billing", "0");
    this.prometheus.answer = samples([String(count)]);
    this.document.answer = json({ depth: count });
    this.apiServer.answer = apiServer({ cpu: ["100m", "100m", "100m"] });
  }

  /** No work is left, and all sources say so. */
  async empty(): Promise<void> {
    const queue = this.queue();
    for (const { id } of (await queue.list({ limit: 100 })).items) await queue.cancel(id);
    await this.client.del("orders");
    await this.client.xGroupCreate("orders", "billing", "$", { MKSTREAM: true });
    this.prometheus.answer = samples(["0"]);
    this.document.answer = json({ depth: 0 });
  }

  /** URL behind the proxy. */
  get redis(): string {
    return `redis://:${password}@127.0.0.1:${this.proxy.port}`;
  }

  queue(): RedisQueue {
    return new RedisQueue({ client: this.client, cluster, clock: { now: Date.now }, random: Math.random, streams: {} });
  }

  /** Starts a command of another client, which may last. */
  async beside(command: (other: RedisClient) => Promise<unknown>): Promise<void> {
    const other = await connectRedis(this.redis);
    void command(other)
      .catch(() => {})
      .finally(() => other.destroy());
  }

  async pid(): Promise<number> {
    return (await supervisorStatus(this.site.dir)).pid;
  }

  sources(
    signal: ClusterSources["agents"][number]["signals"][number],
    target: "local" | "kubernetes",
  ): ClusterSources & { close(): void } {
    const connections = new RedisConnections();
    const url = this.redis;
    const driver = target === "local" ? processDriver(this.site.dir) : this.#pods();
    const now = Date.now;
    const agent = { key: "writer", resource: "team--writer", selectors: ["agent:writer"], cores: 0.25, max: 9 };
    return {
      agents: [{ ...agent, signals: [signal] }],
      driver,
      queue: redisQueue({ connections, url, deadlineMs, clock: { now }, cluster, streams: {} }),
      expressions: { connections, redis: url, prometheus: { url: this.prometheus.url }, deadlineMs, now },
      isSupervised: target === "local",
      deadlineMs: 2 * deadlineMs,
      now,
      close: () => {
        connections.close();
        driver.close();
      },
    };
  }

  #pods() {
    const agents = { agent: new Agent({ keepAlive: true }), streamAgent: new Agent() };
    const api = openApi({ server: new URL(this.apiServer.url), ...agents, headers: async () => ({}) });
    const library = async () => {
      throw new Error("no pod serves the agent API here");
    };
    return podDriver({ api, library }, { namespace: "team", resource: "team" });
  }

  async stop(): Promise<void> {
    this.client.destroy();
    for (const server of [this.proxy, this.prometheus, this.document, this.apiServer]) await server.close();
    await this.#stopRedis();
    await removeSite(this.site.dir, { deadlineMs: 30_000 });
    rmSync(join(this.site.dir, ".."), { recursive: true, force: true });
  }
}

export async function startRig(): Promise<Rig | Unavailable> {
  const redis = await startRedis({ more: { "enable-debug-command": "local" } });
  if (!isAvailable(redis)) return redis;
  const client = await connectRedis(redis.url);
  await client.configSet("requirepass", password);
  const proxy = new TcpProxy(Number(new URL(redis.url).port), 2 * deadlineMs);
  await proxy.open();
  const site = {
    dir: join(mkdtempSync(join(tmpdir(), "swarm-faults-")), "team"),
    cluster: "team",
    uid: cluster,
    owner: "organization/swarmstack/team",
  };
  await ensureSupervisor(site);
  const owner = { uid: cluster, urn: "urn:pulumi:team::swarmstack::swarmstack:index:AgentPool::writer" };
  const spec = { agent: "writer", role: "worker", name: "Writer", count, command: ["sleep", "3600"], env: {} };
  await putPool(site.dir, { ...spec, owner, startPeriodMs: 100, stopTimeoutMs: 1_000, generation: 1 });
  await waitForPool(site.dir, "writer", count, { deadlineMs: 60_000 });
  const [prometheus, document, api] = [await startHttpSource(), await startHttpSource(), await startHttpSource()];
  return new Rig({ site, client, proxy, prometheus, document, apiServer: api }, () => redis.stop());
}

/** Lists of an API server with three running pods, and their metrics. */
export function apiServer({ cpu, ageSeconds = 0 }: { readonly cpu: readonly string[]; readonly ageSeconds?: number }) {
  const labels = { [labelKeys.cluster]: "team", [labelKeys.agent]: "team--writer", [labelKeys.role]: "worker" };
  const pods = ["writer-a", "writer-b", "writer-c"].map((name) => ({
    metadata: { name, namespace: "team", labels, resourceVersion: "1", uid: name },
    spec: { nodeName: "node-0", containers: [{ name: "agent" }] },
    status: {
      phase: "Running",
      conditions: [],
      containerStatuses: [
        {
          name: "agent",
          restartCount: 0,
          ready: true,
          state: { running: { startedAt: new Date().toISOString() } },
          lastState: {},
        },
      ],
    },
  }));
  const deployments = [
    { metadata: { name: "team--writer" }, spec: { replicas: count, selector: { matchLabels: labels } } },
  ];
  const metrics = cpu.map((used, index) => ({
    metadata: { name: pods[index]?.metadata.name },
    timestamp: new Date(Date.now() - 1000 * ageSeconds).toISOString(),
    containers: [{ name: "agent", usage: { cpu: used, memory: "64Mi" } }],
  }));
  const lists: Readonly<Record<string, readonly object[]>> = {
    "/api/v1/namespaces/team/pods": pods,
    "/apis/apps/v1/namespaces/team/deployments": deployments,
    "/apis/apps/v1/namespaces/team/statefulsets": [],
    "/apis/metrics.k8s.io/v1beta1/namespaces/team/pods": metrics,
  };
  return (request: Parameters<HttpSource["answer"]>[0], response: Parameters<HttpSource["answer"]>[1]) => {
    const items = lists[request.url?.split("?")[0] ?? ""];
    json(items === undefined ? {} : { metadata: { resourceVersion: "1" }, items }, items === undefined ? 404 : 200)(
      request,
      response,
    );
  };
}
