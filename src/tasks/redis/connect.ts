import { createClient } from "redis";
import { SwarmError } from "../../errors.ts";

export type RedisClient = Awaited<ReturnType<typeof connectRedis>>;

const connectTimeoutMs = 10_000;

/**
 * A connection that is renewed when it breaks. What was under way then fails, and is repeated by its caller: ends of leases
 * are safe to repeat, and a lease whose reply was lost expires.
 *
 * @throws SW603 when the server cannot be reached; the message does not repeat the URL, which can hold a password.
 */
export async function connectRedis(url: string) {
  try {
    const client = createClient({ url, socket: { connectTimeout: connectTimeoutMs } });
    let connected = false;
    const first = new Promise<never>((_, reject) => {
      client.on("error", (error: unknown) => {
        // Later ones come back to whoever waits for a reply; here they would only end the process.
        if (!connected) reject(error);
      });
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
