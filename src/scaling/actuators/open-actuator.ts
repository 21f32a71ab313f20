import { connect } from "../../control-plane/client.ts";
import type { WorkloadName } from "../../control-plane/workload.ts";
import type { Driver } from "../../drivers/driver.ts";
import { orderedSetName } from "../../plan/instance-name.ts";
import type { AgentPlan, Plan } from "../../plan/plan.ts";
import { isScaledByUs } from "../../plan/scaling.ts";
import type { ClusterRecord } from "../../stacks/state.ts";
import { targets } from "../../targets/targets.ts";
import type { Actuator, Write, Written } from "./actuator.ts";
import { poolActuator } from "./pools.ts";
import { updateActuator } from "./update.ts";
import { workloadActuator } from "./workloads.ts";

export interface ActuatorOptions {
  readonly record: Pick<ClusterRecord, "site" | "place">;
  readonly plan: Plan;
  readonly driver: Driver;
  /** Scales the cluster by one operation; see `updateActuator`. */
  readonly scale: (counts: Readonly<Record<string, number>>, signal: AbortSignal) => Promise<void>;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/**
 * Opens what writes the counts of a cluster: its supervisor, its workloads, or an update of its stack where each instance is a
 * resource.
 */
export async function openActuator(options: ActuatorOptions): Promise<Actuator> {
  const { record, plan } = options;
  const byUpdate = updateActuator(options);
  if (record.site !== undefined) return poolActuator(record.site.dir);
  if (!targets[plan.target.kind].fastCounts) return byUpdate;
  const namespace = record.place?.namespace ?? plan.place.namespace ?? "";
  const client = await connect({ context: record.place?.context });
  const scaled = plan.agents.filter(({ scaling }) => isScaledByUs(scaling));
  const workloads = new Map(scaled.flatMap((agent) => workloadOf(agent, namespace)));
  const byCount = workloadActuator({ ...options, client, workloads });
  return {
    async apply(writes, signal) {
      const fast = writes.filter(({ agent }) => workloads.has(agent));
      const others = writes.filter(({ agent }) => !workloads.has(agent));
      const [fastResults, otherResults] = await Promise.all([
        byCount.apply(fast, signal),
        byUpdate.apply(others, signal),
      ]);
      const results = new Map<Write, Written | undefined>([
        ...fast.map((write, index) => [write, fastResults[index]] as const),
        ...others.map((write, index) => [write, otherResults[index]] as const),
      ]);
      return writes.map((write) => results.get(write) ?? unanswered);
    },
  };
}

const unanswered: Written = { ok: false, code: "unreachable", reason: "the target said nothing about this agent" };

/** The workload with the count of an agent; none where each instance is a set of its own. */
function workloadOf(agent: AgentPlan, namespace: string): [string, WorkloadName][] {
  switch (agent.shape) {
    case "stateless":
      return [[agent.key, { namespace, kind: "Deployment", name: agent.resource }]];
    case "ordered":
      return [[agent.key, { namespace, kind: "StatefulSet", name: orderedSetName(agent) }]];
    case "single":
      return [];
    default:
      return agent.shape satisfies never;
  }
}
