import { connectRedis, type RedisClient } from "../../../tasks/redis/connect.ts";
import { within } from "../deadline.ts";

/**
 * Connections to the Redis servers of all clusters of this process, one for each URL: what several clusters ask in one turn of the
 * event loop is one pipelined round trip. A connection that does not answer in time is dropped, so that the next call begins anew.
 */
export class RedisConnections {
  readonly #open = new Map<string, Promise<RedisClient>>();

  /** @throws NoAnswer, SwarmError SW603, or the error of the server */
  async use<Value>(
    url: string,
    deadlineMs: number,
    signal: AbortSignal,
    work: (client: RedisClient) => Promise<Value>,
  ): Promise<Value> {
    const connecting = this.#connect(url);
    try {
      return await within(deadlineMs, signal, async () => work(await connecting));
    } catch (error) {
      // An answer with an error is one; a caller that left says nothing of the server.
      if (!signal.aborted && !isAnswer(error)) this.#drop(url, connecting);
      throw error;
    }
  }

  close(): void {
    for (const [url, connecting] of this.#open) this.#drop(url, connecting);
  }

  #connect(url: string): Promise<RedisClient> {
    const present = this.#open.get(url);
    if (present !== undefined) return present;
    const connecting = connectRedis(url, { reconnects: false });
    // Its callers hear of a failure; after a deadline there is none.
    connecting.catch(() => {});
    this.#open.set(url, connecting);
    return connecting;
  }

  #drop(url: string, connecting: Promise<RedisClient>): void {
    if (this.#open.get(url) === connecting) this.#open.delete(url);
    connecting.then(
      (client) => client.destroy(),
      () => {},
    );
  }
}

/** `WRONGTYPE ...`, `LOADING ...`: the server has answered. */
function isAnswer(error: unknown): boolean {
  return error instanceof Error && /^[A-Z]{2,} /.test(error.message);
}
