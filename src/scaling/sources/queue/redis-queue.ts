import type { WallClock } from "../../../store/clock.ts";
import type { RedisClient } from "../../../tasks/redis/connect.ts";
import { RedisQueue, type RedisQueueOptions } from "../../../tasks/redis/queue.ts";
import type { RedisConnections } from "../redis/connections.ts";
import type { QueueReader } from "./queue-reader.ts";

export interface RedisQueueReaderOptions extends Pick<RedisQueueOptions, "cluster" | "streams"> {
  readonly connections: RedisConnections;
  readonly url: string;
  readonly deadlineMs: number;
  readonly clock: WallClock;
}

/**
 * Reads the queue of a cluster in Redis, by one call. A queue that has been there and is gone says nothing: its server has lost
 * its data, or is another one.
 */
export function redisQueue({ connections, url, deadlineMs, ...own }: RedisQueueReaderOptions): QueueReader {
  let known: { readonly client: RedisClient; readonly queue: RedisQueue } | undefined;
  let wasThere = false;
  const queueOf = (client: RedisClient) => {
    if (known?.client !== client) known = { client, queue: new RedisQueue({ ...own, client, random: Math.random }) };
    return known.queue;
  };
  return {
    name: "Redis",
    async read(selectors, signal) {
      const look = (client: RedisClient) => queueOf(client).lookUp(selectors);
      const { counts, exists } = await connections.use(url, { deadlineMs, signal }, look);
      if (wasThere && !exists) throw new Error("the queue was there, and is gone");
      wasThere = exists;
      return counts;
    },
  };
}
