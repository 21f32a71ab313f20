import type { Cluster } from "../../store/clusters.ts";
import type { ReconcileResult } from "./reconcile.ts";

type Row = Pick<Cluster, "id" | "version">;

interface Entry {
  /** Version of the row; another one makes the cluster due at once. Undefined: ignored. */
  readonly version: number | undefined;
  /** Undefined: not before the row changes. */
  readonly at: number | undefined;
  readonly failures: number;
}

const longestRetryMs = 600_000;

/** Schedules the next reconciliation of each cluster: when its decision can change, with exponential back-off after failures. */
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

  /** Returns the time until the next cluster is due; at most `atMostMs`, because rows may change meanwhile. */
  pauseMs(now: number, atMostMs: number): number {
    const coming = [...this.#entries.values()].flatMap(({ at }) => (at !== undefined && at > now ? [at - now] : []));
    return Math.min(atMostMs, ...coming);
  }
}
