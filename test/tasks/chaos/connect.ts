import type { TaskQueue } from "../../../src/tasks/queue.ts";
import type { Place } from "../support/backends.ts";

const clock = { now: () => Date.now() };

/** The queue of a cluster, from a process of its own; only the driver that it needs is loaded. */
export async function connectQueue({ place, cluster }: { place: Place; cluster: string }): Promise<TaskQueue> {
  const options = { cluster, clock, random: Math.random };
  if (place.kind === "redis") {
    const { connectRedis } = await import("../../../src/tasks/redis/connect.ts");
    const { RedisQueue } = await import("../../../src/tasks/redis/queue.ts");
    return new RedisQueue({ ...options, client: await connectRedis(place.url), streams: {} });
  }
  const { openStore } = await import("../../../src/store/store.ts");
  const { StoreQueue } = await import("../../../src/tasks/store/queue.ts");
  return new StoreQueue({ ...options, database: (await openStore(place, clock)).database });
}
