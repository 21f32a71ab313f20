import { connectRedis, type RedisClient } from "../../../tasks/redis/connect.ts";
import { within } from "../deadline.ts";

/**
 * Connections to the Redis servers of all clusters of this process, one for each URL: what several clusters ask in one turn of the
 * event loop is one pipelined round trip. A connection that does not answer in time is dropped, so that the next call begins anew.
 */
export class RedisConnections {
  readonly #open = new Map<string, Connection>();

  /**
   * Runs commands on the connection to a server. Commands that only read run once more, on a new connection, when theirs is lost.
   * @throws NoAnswer, or the error of the connection or the server
   */
  async use<Value>(
    url: string,
    { deadlineMs, signal, writes = false }: UseOptions,
    work: (client: RedisClient) => Promise<Value>,
  ): Promise<Value> {
    return within(deadlineMs, signal, async (until) => {
      const isKept = this.#isOpen(url);
      try {
        return await this.#attempt(url, signal, until, work);
      } catch (error) {
        if (!isKept || writes || until.aborted || isAnswer(error)) throw error;
        return this.#attempt(url, signal, until, work);
      }
    });
  }

  /** Whether a connection is open; one that was lost while nothing was asked is dropped. */
  #isOpen(url: string): boolean {
    const present = this.#open.get(url);
    if (present?.opened === undefined) return false;
    if (present.opened.isReady) return true;
    this.#drop(url, present);
    return false;
  }

  async #attempt<Value>(
    url: string,
    signal: AbortSignal,
    until: AbortSignal,
    work: (client: RedisClient) => Promise<Value>,
  ): Promise<Value> {
    const connection = this.#connect(url);
    // A caller that leaves says nothing of the server.
    const drop = () => signal.aborted || this.#drop(url, connection);
    until.addEventListener("abort", drop, { once: true });
    try {
      return await work(await connection.client);
    } catch (error) {
      if (!isAnswer(error)) drop();
      throw error;
    } finally {
      until.removeEventListener("abort", drop);
    }
  }

  close(): void {
    for (const [url, connection] of this.#open) this.#drop(url, connection);
  }

  #connect(url: string): Connection {
    const present = this.#open.get(url);
    if (present !== undefined) return present;
    const attempt = new AbortController();
    const client = connectRedis(url, { reconnects: false, signal: attempt.signal }).catch((error: Error) => {
      // Its message speaks of REDIS_URL; here the server has another name.
      throw error.cause ?? error;
    });
    const connection: Connection = { client, attempt, opened: undefined };
    this.#open.set(url, connection);
    client.then(
      (opened) => {
        connection.opened = opened;
      },
      // Its callers hear of the failure.
      () => this.#drop(url, connection),
    );
    return connection;
  }

  #drop(url: string, connection: Connection): void {
    if (this.#open.get(url) === connection) this.#open.delete(url);
    const { client, attempt } = connection;
    attempt.abort(new Error("the connection was dropped"));
    client.then(
      (open) => open.isOpen && open.destroy(),
      () => {},
    );
  }
}

export interface UseOptions {
  readonly deadlineMs: number;
  /** Of the caller. */
  readonly signal: AbortSignal;
  /** A command whose answer was lost may have been run. */
  readonly writes?: boolean;
}

interface Connection {
  readonly client: Promise<RedisClient>;
  opened: RedisClient | undefined;
  /** Ends an attempt that is under way. */
  readonly attempt: AbortController;
}

/** `WRONGTYPE ...`, `LOADING ...`: the server has answered. */
function isAnswer(error: unknown): boolean {
  return error instanceof Error && /^[A-Z]{2,} /.test(error.message);
}
