import pLimit from "p-limit";
import { presentClusters } from "../book.ts";
import { withRecords } from "../with-records.ts";
import { type Attended, attend, type KeepingOptions } from "./attend.ts";
import { tellPresence } from "./presence.ts";

export interface GcOptions extends Omit<KeepingOptions, "keeper" | "jitterMs"> {
  /** How many engines run at once. */
  readonly engines: number;
  /** Says what it would do. */
  readonly dryRun: boolean;
}

/** How long one run counts as somebody who watches: whoever has it started at least every hour is one. */
const lastsMs = 3_600_000;

/** Does once, for all clusters, what their rules want now. @throws SwarmError SW603 and SW609 for the records */
export async function gc({ engines, dryRun, ...options }: GcOptions): Promise<readonly Attended[]> {
  const atOnce = pLimit(engines);
  // Whoever starts this has chosen the moment: nothing is spread.
  const keeping: KeepingOptions = { ...options, keeper: "gc", jitterMs: 0 };
  return withRecords(options.settings, async (store) => {
    const clusters = await presentClusters(store);
    const attended = await Promise.all(
      clusters.map((cluster) => atOnce(() => attend(store, cluster, keeping, dryRun))),
    );
    if (!dryRun) await tellPresence(store, "gc", lastsMs);
    return attended;
  });
}
