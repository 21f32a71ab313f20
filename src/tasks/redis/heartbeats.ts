import type { RedisClient } from "./connect.ts";

/** The sign of life that an instance keeps in Redis, as in the original: `worker:heartbeat:<type>:<id>`, with an expiry. */
export class RedisHeartbeats {
  readonly #client: RedisClient;
  readonly #expiryMs: number;

  constructor(client: RedisClient, expiryMs: number) {
    this.#client = client;
    this.#expiryMs = expiryMs;
  }

  async beat(type: string, id: string, at: number): Promise<void> {
    await this.#client.set(`worker:heartbeat:${type}:${id}`, String(at), {
      expiration: { type: "PX", value: this.#expiryMs },
    });
  }

  async stop(type: string, id: string): Promise<void> {
    await this.#client.del(`worker:heartbeat:${type}:${id}`);
  }

  /** The ids of those that gave a sign of life within the expiry. */
  async alive(type: string): Promise<readonly string[]> {
    const prefix = `worker:heartbeat:${type}:`;
    const ids = new Set<string>();
    for await (const keys of this.#client.scanIterator({ MATCH: `${prefix}*`, COUNT: 1_000 })) {
      for (const key of keys) ids.add(key.slice(prefix.length));
    }
    return [...ids].sort();
  }
}
