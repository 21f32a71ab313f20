import type { AgentPlan } from "../plan/plan.ts";

/** What an agent server reads of an agent (src/agent-api/server/cluster-file.ts). */
export function servedAgent({ key, resource, role, capabilities, name, parent, stopTimeoutMs, queue }: AgentPlan) {
  return { key, resource, role, capabilities, name, parent, stopTimeoutMs, queue };
}
