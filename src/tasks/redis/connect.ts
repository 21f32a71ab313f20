import { createClient } from "redis";
import { SwarmError } from "../../errors.ts";

export type RedisClient = Awaited<ReturnType<typeof connectRedis>>;

const connectTimeoutMs = 10_000;

export interface ConnectOptions {
  /** False: once the connection is lost, its commands fail at once. Default true. */
  readonly reconnects?: boolean;
  /** Ends the attempt: a server may accept a connection and say nothing. */
  readonly signal?: AbortSignal;
}

/**
 * A connection that reconnects. Commands in flight then fail and are repeated by their caller: settling is
 * idempotent, and a lease whose reply was lost expires.
 * @throws SW603 when the server cannot be reached; the message omits the URL, which can contain a password.
 */
export async function connectRedis(url: string, { reconnects = true, signal }: ConnectOptions = {}) {
  try {
    const once = {
      disableOfflineQueue: true,
      socket: { connectTimeout: connectTimeoutMs, reconnectStrategy: false },
    } as const;
    const client = createClient({ url, ...(reconnects ? { socket: { connectTimeout: connectTimeoutMs } } : once) });
    let connected = false;
    const first = new Promise<never>((_, reject) => {
      client.on("error", (error: unknown) => {
        // Later errors reach the callers of commands; here they would only end the process.
        if (!connected) reject(error);
      });
      signal?.addEventListener("abort", () => reject(signal.reason), { once: true });
    });
    try {
      await Promise.race([client.connect(), first]);
    } catch (error) {
      client.destroy();
      throw error;
    }
    connected = true;
    return client;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new SwarmError("SW603", `the Redis of REDIS_URL cannot be used: ${reason}`, { cause: error });
  }
}
