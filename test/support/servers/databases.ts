import { randomBytes } from "node:crypto";
import pg from "pg";
import { inject } from "vitest";
import { connectRedis } from "../../../src/tasks/redis/connect.ts";
import type { Service, Unavailable } from "../../../tools/services/service.ts";
import { isUnavailable, requireServers } from "./required.ts";

/** Creates an empty database on the run's PostgreSQL; `stop` drops it. */
export async function postgresDatabase(): Promise<Service | Unavailable> {
  const server = inject("postgres");
  requireServers({ postgres: server });
  if (isUnavailable(server)) return server;
  const name = `suite_${randomBytes(6).toString("hex")}`;
  await onPostgres(server.url, `create database ${name}`);
  const url = server.url.replace("/postgres?", `/${name}?`);
  return { url, stop: () => onPostgres(server.url, `drop database ${name} with (force)`) };
}

async function onPostgres(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}

/** Allocates an empty database on the run's Redis; `stop` empties it. Database 0 counts the allocated numbers. */
export async function redisDatabase(): Promise<Service | Unavailable> {
  const server = inject("redis");
  requireServers({ redis: server });
  if (isUnavailable(server)) return server;
  const counter = await connectRedis(server.url);
  const number = await counter.incr("test:databases").finally(() => counter.close());
  const url = `${server.url}/${number}`;
  const stop = async () => {
    const client = await connectRedis(url);
    await client.flushDb().finally(() => client.close());
  };
  return { url, stop };
}
