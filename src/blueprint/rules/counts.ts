import type { ReplicaRange } from "../model.ts";
import { known } from "../shape/shape.ts";
import type { RuleContext } from "./context.ts";

/** The limits of the cluster and the counts of its agents fit together. */
export function checkCounts(context: RuleContext): void {
  const { cluster, report, value } = context;
  if (cluster === undefined) return;
  const { min_workers: min, max_workers: max } = cluster;
  if (known(min) && known(max) && min > max) {
    report("SW310", value(["cluster", "min_workers"]), { min, max });
    return;
  }
  const sum = sumOfCounts(context);
  if (sum === undefined) return;
  if (known(max) && sum.min > max) {
    const fix = `raise max_workers to ${sum.min}, or lower the counts`;
    report("SW311", value(["cluster", "max_workers"]), { sum: sum.min, max }, { fix });
  }
  if (known(min) && sum.max < min) {
    const fix = `lower min_workers to ${sum.max}, or raise the counts`;
    report("SW312", value(["cluster", "min_workers"]), { sum: sum.max, min }, { fix });
  }
}

/** Undefined where a count could not be read: nothing can be said about the sum. */
function sumOfCounts({ agents, agentsComplete }: RuleContext): ReplicaRange | undefined {
  if (!agentsComplete) return undefined;
  let min = 0;
  let max = 0;
  for (const { draft } of agents) {
    const count = draft.count === undefined ? { min: 1, max: 1 } : draft.count;
    if (!known(count)) return undefined;
    min += count.min;
    max += count.max;
  }
  return { min, max };
}
