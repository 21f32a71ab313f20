import { existsSync } from "node:fs";
import type { Clock } from "../platform/clock.ts";
import { storeLocation } from "../store/location.ts";
import type { TaskQueue } from "./queue.ts";

/** Where the tasks of a cluster are. Most clusters have none, so a queue is opened only when there is one or a task is added. */
export interface TaskSource {
  /** The queue, if there is one already. */
  present(): Promise<TaskQueue | undefined>;
  open(): Promise<TaskQueue>;
  close(): Promise<void>;
  /** Where the queue also keeps signs of life of its workers. */
  beat?(agent: string, instance: string): Promise<void>;
}

/** Where the tasks of a cluster are kept. */
export interface QueueSettings {
  /** URL of the Redis that keeps the tasks, e.g. "redis://127.0.0.1:6379"; without one they are in a table. */
  readonly redis?: string;
  /** URL of the PostgreSQL server that has the table; without one it is in a file of the folder. */
  readonly database?: string;
  /** By agent: the Redis streams that the blueprint names. */
  readonly streams?: Readonly<Record<string, { readonly stream: string; readonly group: string }>>;
}

export interface TaskSourceOptions {
  /** Unique id of the cluster. */
  readonly cluster: string;
  /** Has the table where the settings name no server. */
  readonly folder: string;
  /** Read whenever the queue is opened. */
  readonly settings: () => QueueSettings;
  readonly clock: Clock;
}

/** An instance that has not been heard of for so long is gone, for those who look into Redis; three of the rarest heartbeats. */
const heartbeatTtlMs = 90_000;

interface OpenQueue {
  readonly queue: TaskQueue;
  readonly beat?: (agent: string, instance: string) => Promise<void>;
  readonly close: () => Promise<void>;
}

/** The tasks of one cluster: in Redis when the settings name one, else in a table. Nothing is loaded before it is used. */
export function openTaskSource(options: TaskSourceOptions): TaskSource {
  let opened: Promise<OpenQueue> | undefined;
  const open = () => {
    opened ??= openQueue(options, options.settings()).catch((error: unknown) => {
      opened = undefined;
      throw error;
    });
    return opened;
  };
  return {
    async present() {
      if (opened === undefined && !mayHaveTasks(options)) return undefined;
      return (await open()).queue;
    },
    open: async () => (await open()).queue,
    async beat(agent, instance) {
      if (options.settings().redis !== undefined) await (await open()).beat?.(agent, instance);
    },
    async close() {
      const closing = opened;
      opened = undefined;
      await closing?.then(({ close }) => close()).catch(() => {});
    },
  };
}

/** Others may have put tasks into a queue of several; a file is there once somebody has. */
function mayHaveTasks({ folder, settings }: TaskSourceOptions): boolean {
  const { redis, database } = settings();
  if (redis !== undefined) return true;
  const location = storeLocation(database, folder);
  return location.kind === "postgres" || existsSync(location.path);
}

function openQueue(options: TaskSourceOptions, { redis, database, streams = {} }: QueueSettings): Promise<OpenQueue> {
  return redis === undefined ? openTable(options, database) : openRedis(options, redis, streams);
}

async function openTable(
  { cluster, folder, clock }: TaskSourceOptions,
  database: string | undefined,
): Promise<OpenQueue> {
  const [{ openStore }, { StoreQueue }] = await Promise.all([import("../store/store.ts"), import("./store/queue.ts")]);
  const store = await openStore(storeLocation(database, folder), clock);
  const queue = new StoreQueue({ database: store.database, cluster, clock, random: Math.random });
  return { queue, close: () => store.close() };
}

async function openRedis(
  { cluster, clock }: TaskSourceOptions,
  url: string,
  streams: NonNullable<QueueSettings["streams"]>,
): Promise<OpenQueue> {
  const [{ connectRedis }, { RedisQueue }, { RedisHeartbeats }] = await Promise.all([
    import("./redis/connect.ts"),
    import("./redis/queue.ts"),
    import("./redis/heartbeats.ts"),
  ]);
  const client = await connectRedis(url);
  const queue = new RedisQueue({ client, cluster, clock, random: Math.random, streams });
  const heartbeats = new RedisHeartbeats(client, heartbeatTtlMs);
  const beat = (agent: string, instance: string) => heartbeats.beat(agent, instance, clock.now());
  return { queue, beat, close: () => client.close() };
}
