import { existsSync } from "node:fs";
import type { TaskSource } from "../api/task-desk.ts";
import type { Clock } from "../clock.ts";
import type { SitePaths } from "../site.ts";
import type { TaskQueue } from "../tasks/queue.ts";
import { readSettings, type SiteSettings } from "./settings.ts";

/** An instance that has not been heard of for so long is gone, for those who look into Redis; three of the rarest heartbeats. */
const lifeSignMs = 90_000;

interface OpenQueue {
  readonly queue: TaskQueue;
  readonly beat?: (agent: string, instance: string) => Promise<void>;
  readonly close: () => Promise<void>;
}

/** The tasks of a local cluster: in Redis when the site names one, else in a table of the site's folder. Nothing is loaded before it is used. */
export function siteTasks(paths: SitePaths, cluster: string, clock: Clock): TaskSource {
  let opened: Promise<OpenQueue> | undefined;
  const settings = readSettings(paths);
  const open = () => {
    opened ??= openQueue(paths, settings, cluster, clock).catch((error: unknown) => {
      opened = undefined;
      throw error;
    });
    return opened;
  };
  return {
    async present() {
      if (opened === undefined && !isShared(settings) && !existsSync(paths.store)) return undefined;
      return (await open()).queue;
    },
    open: async () => (await open()).queue,
    async beat(agent, instance) {
      if (settings.redis !== undefined) await (await open()).beat?.(agent, instance);
    },
    async close() {
      await opened?.then(({ close }) => close()).catch(() => {});
    },
  };
}

function openQueue(paths: SitePaths, settings: SiteSettings, cluster: string, clock: Clock): Promise<OpenQueue> {
  const { redis, database, streams = {} } = settings;
  return redis === undefined ? openTable(paths, database, cluster, clock) : openRedis(redis, cluster, clock, streams);
}

/** Others may have put tasks there before us. */
function isShared({ redis, database }: SiteSettings): boolean {
  return redis !== undefined || database !== undefined;
}

async function openTable(
  paths: SitePaths,
  database: string | undefined,
  cluster: string,
  clock: Clock,
): Promise<OpenQueue> {
  const [{ openStore }, { storeLocation }, { StoreQueue }] = await Promise.all([
    import("../../store/store.ts"),
    import("../../store/location.ts"),
    import("../tasks/store/queue.ts"),
  ]);
  const store = await openStore(storeLocation(database, paths.dir), clock);
  const queue = new StoreQueue({ database: store.database, cluster, clock, random: Math.random });
  return { queue, close: () => store.close() };
}

async function openRedis(
  url: string,
  cluster: string,
  clock: Clock,
  streams: NonNullable<SiteSettings["streams"]>,
): Promise<OpenQueue> {
  const [{ connectRedis }, { RedisQueue }, { RedisHeartbeats }] = await Promise.all([
    import("../tasks/redis/connect.ts"),
    import("../tasks/redis/queue.ts"),
    import("../tasks/redis/heartbeats.ts"),
  ]);
  const client = await connectRedis(url);
  const queue = new RedisQueue({ client, cluster, clock, random: Math.random, streams });
  const heartbeats = new RedisHeartbeats(client, lifeSignMs);
  const beat = (agent: string, instance: string) => heartbeats.beat(agent, instance, clock.now());
  return { queue, beat, close: () => client.close() };
}
