import type { Driver } from "../../drivers/driver.ts";
import type { Plan } from "../../plan/plan.ts";
import { readJson } from "../../platform/files.ts";
import { settingsSchema } from "../../supervisor/settings.ts";
import { readSite, sitePaths } from "../../supervisor/site.ts";
import { observedAgents } from "./agents.ts";
import type { ClusterSources } from "./cluster-sources.ts";
import { controlQueue } from "./queue/control-queue.ts";
import type { QueueReader } from "./queue/queue-reader.ts";
import { redisQueue } from "./queue/redis-queue.ts";
import type { RedisConnections } from "./redis/connections.ts";

export interface SourcesOptions {
  readonly plan: Plan;
  readonly driver: Driver;
  /** Folder of the supervisor on the local target. */
  readonly site: { readonly dir: string } | undefined;
  /** Shared by all clusters of this process. */
  readonly connections: RedisConnections;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

const redisMs = 1_000;
const expressionMs = 2_000;
/** Includes the start of a command on the machine of a remote agent server. */
const targetMs = 8_000;

/** Opens the sources of a cluster. */
export function openSources({ plan, driver, site, connections, env, now }: SourcesOptions): ClusterSources {
  const queue = site && localQueue(site.dir, connections, now);
  const { redis: planned } = plan.network;
  const redis = queue?.url ?? (planned?.kind === "address" ? planned.url : env.REDIS_URL || undefined);
  const { PROMETHEUS_URL: url, PROMETHEUS_TOKEN: token } = env;
  return {
    ...{ agents: observedAgents(plan.agents), driver, deadlineMs: targetMs, now },
    queue: queue?.reader ?? controlQueue(driver),
    isSupervised: site !== undefined,
    expressions: {
      ...{ connections, redis, deadlineMs: expressionMs, now },
      prometheus: url === undefined || url === "" ? undefined : { url, token: token || undefined },
    },
  };
}

/**
 * The queue in Redis, where the supervisor's settings name one: it is read directly. Elsewhere the agent server is asked, as an
 * address in a blueprint may lead to another Redis from here than from a container.
 */
function localQueue(
  dir: string,
  connections: RedisConnections,
  now: () => number,
): { readonly url: string; readonly reader: QueueReader } | undefined {
  const paths = sitePaths(dir);
  const { redis: url, streams = {} } = readJson(paths.settings, settingsSchema) ?? {};
  if (url === undefined) return undefined;
  const cluster = readSite(paths)?.uid;
  if (cluster === undefined) return undefined;
  const options = { connections, url, deadlineMs: redisMs, clock: { now }, cluster, streams };
  return { url, reader: redisQueue(options) };
}
