import type { QueueCounts } from "../../../tasks/queue.ts";

/** Where the counts of a cluster's tasks come from. */
export interface QueueReader {
  /** For sentences: "Redis", "the control API". */
  readonly name: string;
  /** Counts by selector, from one snapshot. @throws where it does not answer */
  read(selectors: readonly string[], signal: AbortSignal): Promise<Pick<QueueCounts, "bySelector" | "unreadable">>;
}
