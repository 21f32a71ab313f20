import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { WallClock } from "../../../src/store/clock.ts";
import type { StoreLocation } from "../../../src/store/location.ts";
import { openStore } from "../../../src/store/store.ts";
import { type FenceName, fences } from "../../../src/tasks/fences.ts";
import type { TaskQueue } from "../../../src/tasks/queue.ts";
import { connectRedis } from "../../../src/tasks/redis/connect.ts";
import { luaFences } from "../../../src/tasks/redis/lua/fences.ts";
import { RedisQueue } from "../../../src/tasks/redis/queue.ts";
import { StoreQueue } from "../../../src/tasks/store/queue.ts";
import { isAvailable, type Service, type Unavailable } from "../../../tools/services/service.ts";
import { without } from "./without.ts";

export interface QueueOptions {
  readonly cluster: string;
  readonly clock: WallClock;
  /** Fences that this one lacks; nothing but a test of the fences takes one out. */
  readonly missing?: readonly FenceName[];
}

/** A place for queues: a real server, or a file. */
export interface Backend {
  readonly name: string;
  /** How another process reaches it. */
  readonly place: Place;
  queue(options: QueueOptions): TaskQueue;
  stop(): Promise<void>;
}

export type Place = StoreLocation | { readonly kind: "redis"; readonly url: string };

/** The middle of the jitter, so that a model can foretell it. */
export const random = () => 0.5;

/** Queues in servers; of each that cannot be had here, why not. */
export async function inServers(servers: {
  readonly postgres: Promise<Service | Unavailable>;
  readonly redis: Promise<Service | Unavailable>;
}): Promise<readonly (Backend | Skipped)[]> {
  return [await orSkipped("postgres", servers.postgres, postgres), await orSkipped("redis", servers.redis, redis)];
}

export interface Skipped extends Unavailable {
  readonly name: string;
}

export function isBackend(one: Backend | Skipped): one is Backend {
  return "queue" in one;
}

async function orSkipped(
  name: string,
  starting: Promise<Service | Unavailable>,
  open: (service: Service) => Promise<Backend>,
): Promise<Backend | Skipped> {
  const service = await starting;
  return isAvailable(service) ? open(service) : { name, ...service };
}

/** Queues in a file. */
export async function sqlite(): Promise<Backend> {
  const folder = mkdtempSync(join(tmpdir(), "swarm-store-"));
  const location: StoreLocation = { kind: "sqlite", path: join(folder, "store.db") };
  return inStore("sqlite", location, async () => rmSync(folder, { recursive: true, force: true }));
}

function postgres(service: Service): Promise<Backend> {
  return inStore("postgres", { kind: "postgres", url: service.url }, () => service.stop());
}

async function inStore(name: string, place: StoreLocation, stop: () => Promise<void>): Promise<Backend> {
  const store = await openStore(place, { now: () => Date.now() });
  return {
    name,
    place,
    queue: ({ missing = [], ...options }) =>
      new StoreQueue({ ...options, random, database: store.database }, without(fences, missing)),
    stop: async () => {
      await store.close();
      await stop();
    },
  };
}

async function redis(service: Service): Promise<Backend> {
  const client = await connectRedis(service.url);
  return {
    name: "redis",
    place: { kind: "redis", url: service.url },
    queue: ({ missing = [], ...options }) =>
      new RedisQueue({ ...options, random, client, streams: {} }, without(luaFences, missing)),
    stop: async () => {
      await client.close();
      await service.stop();
    },
  };
}
