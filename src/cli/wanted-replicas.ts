import type { RuntimeStatus } from "../drivers/driver.ts";
import type { AgentReplicas } from "../plan/allocate.ts";
import { effectiveReplicas } from "../plan/desired-state.ts";
import type { ClusterRecord } from "../stacks/state.ts";

/** The replicas of each agent: those of the desired state, or of an autoscaler that has written others since. */
export function wantedReplicas(
  record: Pick<ClusterRecord, "counts" | "power">,
  status: Pick<RuntimeStatus, "agents"> | undefined,
): AgentReplicas {
  const written = (status?.agents ?? []).flatMap(({ agent, fast }) =>
    fast === undefined ? [] : [[agent, fast.count]],
  );
  return { ...effectiveReplicas(record), ...Object.fromEntries(written) };
}
