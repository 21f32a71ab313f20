import type { Blueprint, TargetKind } from "../blueprint/model.ts";
import { targets } from "../targets/targets.ts";

/** Keys of the agents whose counts our autoscaler changes: there are rules, a range, and a target that it reaches. */
export function scaledByUs(
  { cluster, agents }: Blueprint,
  target: TargetKind = cluster.target.kind,
): readonly string[] {
  if (!targets[target].autoscaler) return [];
  return agents.flatMap(({ key, count: { min, max }, scaling = cluster.scaling }) =>
    scaling?.owner === "swarmstack" && min !== max ? [key] : [],
  );
}
