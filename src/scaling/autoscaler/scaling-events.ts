import { SwarmError } from "../../errors.ts";
import { connectRedis, type RedisClient } from "../../tasks/redis/connect.ts";
import type { TurnReport } from "./scaler.ts";

/** The history of the original, read with `XRANGE scaling:events - +`. */
const scalingEvents = "scaling:events";

const mostEvents = 10_000;

/** Appends the history of scaling to Redis. A Redis that is gone never stops the autoscaler. */
export class ScalingEvents {
  readonly #url: string;
  #client: Promise<RedisClient> | undefined;

  constructor(url: string) {
    this.#url = url;
  }

  /** @returns why the changes of a look were not appended; undefined when they were */
  async append(cluster: string, { at, trigger, changes }: TurnReport): Promise<string | undefined> {
    const applied = changes.filter(({ written }) => written?.ok);
    if (applied.length === 0) return undefined;
    try {
      this.#client ??= connectRedis(this.#url);
      const client = await this.#client;
      for (const { decision } of applied) {
        const { agent: type, from, to, reason } = decision;
        const fields = { time: new Date(at).toISOString(), cluster, type, from: String(from ?? ""), to: String(to) };
        await client.xAdd(
          scalingEvents,
          "*",
          { ...fields, reason, trigger },
          {
            TRIM: { strategy: "MAXLEN", strategyModifier: "~", threshold: mostEvents },
          },
        );
      }
      return undefined;
    } catch (error) {
      await this.close();
      return error instanceof SwarmError ? error.message : `${scalingEvents} cannot be written: ${String(error)}`;
    }
  }

  async close(): Promise<void> {
    const client = this.#client;
    this.#client = undefined;
    await client?.then((one) => one.destroy()).catch(() => {});
  }
}
