import { reasonOf } from "../sources/read.ts";
import { RedisConnections } from "../sources/redis/connections.ts";
import type { TurnReport } from "./scaler.ts";

/** The history of the original, read with `XRANGE scaling:events - +`. */
const scalingEvents = "scaling:events";

const mostEvents = 10_000;
const trim = { TRIM: { strategy: "MAXLEN", strategyModifier: "~", threshold: mostEvents } } as const;
/** A Redis that takes longer does not hold up the counts. */
const deadlineMs = 1_000;

/** Appends the history of scaling to Redis. A Redis that is gone, or says nothing, never stops the autoscaler. */
export class ScalingEvents {
  readonly #url: string;
  readonly #connections = new RedisConnections();

  constructor(url: string) {
    this.#url = url;
  }

  /** @returns why the changes of a look were not appended; undefined when they were */
  async append(
    cluster: string,
    { at, trigger, changes }: Omit<TurnReport, "agents" | "observation">,
  ): Promise<string | undefined> {
    const applied = changes.filter(({ written }) => written?.ok);
    if (applied.length === 0) return undefined;
    const time = new Date(at).toISOString();
    const events = applied.map(({ decision: { agent: type, from, to, reason } }) => {
      return { time, cluster, type, from: String(from ?? ""), to: String(to), reason, trigger };
    });
    const { signal } = new AbortController();
    try {
      await this.#connections.use(this.#url, { deadlineMs, signal, writes: true }, (client) =>
        Promise.all(events.map((event) => client.xAdd(scalingEvents, "*", event, trim))),
      );
      return undefined;
    } catch (error) {
      return `${scalingEvents} cannot be written: ${reasonOf(error)}`;
    }
  }

  async close(): Promise<void> {
    this.#connections.close();
  }
}
