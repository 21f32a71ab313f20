import type { Clock } from "../../store/clock.ts";
import type { Database } from "../../store/database.ts";
import type { TaskQueue } from "./queue.ts";
import type { StreamName } from "./redis/streams.ts";
import { StoreQueue } from "./store/queue.ts";

export interface QueuePlace {
  readonly cluster: string;
  readonly clock: Clock;
  /** In [0, 1): spreads the back-off. */
  readonly random: () => number;
  /** Where the tasks are kept unless there is a Redis. */
  readonly database: Database;
  /** REDIS_URL. */
  readonly redisUrl: string | undefined;
  /** By agent: the streams that the blueprint names. */
  readonly streams: Readonly<Record<string, StreamName>>;
}

export interface OpenQueue {
  readonly queue: TaskQueue;
  close(): Promise<void>;
}

/**
 * The task queue of a cluster: in Redis where there is one, else in the store. The store stays its owner's to close.
 *
 * @throws SW603 when Redis cannot be reached.
 */
export async function openTaskQueue({ redisUrl, database, streams, ...options }: QueuePlace): Promise<OpenQueue> {
  if (redisUrl === undefined || redisUrl === "") {
    return { queue: new StoreQueue({ ...options, database }), close: async () => {} };
  }
  // The driver is loaded only where it is used.
  const { connectRedis } = await import("./redis/connect.ts");
  const { RedisQueue } = await import("./redis/queue.ts");
  const client = await connectRedis(redisUrl);
  return { queue: new RedisQueue({ ...options, client, streams }), close: () => client.close() };
}
