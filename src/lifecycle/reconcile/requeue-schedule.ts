import type { Cluster } from "../../store/clusters.ts";
import type { ReconcileResult } from "./reconcile.ts";

type Row = Pick<Cluster, "id" | "version">;

interface Entry {
  /** It is looked at sooner when its row has another one; undefined: not sooner. */
  readonly version: number | undefined;
  /** Undefined: not before somebody changes it. */
  readonly at: number | undefined;
  readonly failures: number;
}

const longestRetryMs = 600_000;

/** When each cluster is to be looked at again: not while nothing can have become due, and less and less often where it fails. */
export class RequeueSchedule {
  readonly #intervalMs: number;
  readonly #entries = new Map<string, Entry>();

  constructor(intervalMs: number) {
    this.#intervalMs = intervalMs;
  }

  note({ id, version }: Row, { outcome, nextAt }: Pick<ReconcileResult, "outcome" | "nextAt">, now: number): void {
    const soon = now + this.#intervalMs;
    switch (outcome) {
      case "nothing": {
        const at = nextAt !== undefined && nextAt <= now ? soon : nextAt;
        this.#entries.set(id, { version, at, failures: 0 });
        return;
      }
      case "failed": {
        const failures = (this.#entries.get(id)?.failures ?? 0) + 1;
        const at = now + Math.min(longestRetryMs, this.#intervalMs * 2 ** (failures - 1));
        this.#entries.set(id, { version: undefined, at, failures });
        return;
      }
      case "busy":
        this.#entries.set(id, { version: undefined, at: soon, failures: 0 });
        return;
      case "done":
      case "left":
        this.#entries.delete(id);
        return;
      default:
        outcome satisfies never;
    }
  }

  isDue({ id, version }: Row, now: number): boolean {
    const entry = this.#entries.get(id);
    if (entry === undefined || (entry.version !== undefined && entry.version !== version)) return true;
    return entry.at !== undefined && entry.at <= now;
  }

  /** How long nothing is to be done: at most `atMostMs`, after which somebody may have changed a cluster. */
  pauseMs(now: number, atMostMs: number): number {
    const coming = [...this.#entries.values()].flatMap(({ at }) => (at !== undefined && at > now ? [at - now] : []));
    return Math.min(atMostMs, ...coming);
  }
}
