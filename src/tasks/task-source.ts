import { existsSync } from "node:fs";
import type { Clock } from "../platform/clock.ts";
import { storeLocation } from "../store/location.ts";
import type { TaskQueue } from "./queue.ts";

/**
 * Provides the queue of a cluster. Most clusters have no tasks, so a queue is opened only when it exists or a task is
 * added.
 */
export interface TaskSource {
  /** The queue, if it exists. */
  present(): Promise<TaskQueue | undefined>;
  open(): Promise<TaskQueue>;
  close(): Promise<void>;
  /** Present if the queue also stores heartbeats of its workers. */
  beat?(agent: string, instance: string): Promise<void>;
}

/** Location of the queue of a cluster. */
export interface QueueSettings {
  /** URL of the Redis that stores the tasks, e.g. "redis://127.0.0.1:6379"; without one a table stores them. */
  readonly redis?: string;
  /** URL of the PostgreSQL server of the table; without one it is in a SQLite file in the folder. */
  readonly database?: string;
  /** By agent: the Redis streams in the blueprint. */
  readonly streams?: Readonly<Record<string, { readonly stream: string; readonly group: string }>>;
}

export interface TaskSourceOptions {
  /** Unique id of the cluster. */
  readonly cluster: string;
  /** Folder of the SQLite file if the settings name no server. */
  readonly folder: string;
  /** Read each time the queue is opened. */
  readonly settings: () => QueueSettings;
  readonly clock: Clock;
}

/** Expiry of a heartbeat in Redis: three of the longest heartbeat intervals. */
const heartbeatTtlMs = 90_000;

interface OpenQueue {
  readonly queue: TaskQueue;
  readonly beat?: (agent: string, instance: string) => Promise<void>;
  readonly close: () => Promise<void>;
}

/** The queue of one cluster: in Redis if the settings name one, else in a table. Drivers are loaded on first use. */
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

/** Whether the queue may have tasks: other producers may use a server; a file exists once a task was added. */
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
  const [{ connectRedis }, { RedisQueue }, { RedisHeartbeats }, { queueTypeOf, streamOf }] = await Promise.all([
    import("./redis/connect.ts"),
    import("./redis/queue.ts"),
    import("./redis/heartbeats.ts"),
    import("./redis/streams.ts"),
  ]);
  const client = await connectRedis(url);
  const queue = new RedisQueue({ client, cluster, clock, random: Math.random, streams });
  const heartbeats = new RedisHeartbeats(client, heartbeatTtlMs);
  const typeOf = (agent: string) => queueTypeOf(streamOf(cluster, `agent:${agent}`, streams).stream);
  const beat = (agent: string, instance: string) => heartbeats.beat(typeOf(agent), instance, clock.now());
  return { queue, beat, close: () => client.close() };
}
