import { agentApi } from "../names.ts";
import type { AgentPlan, Plan } from "../plan/plan.ts";
import { targets } from "../targets/targets.ts";

/** Paths of an instance's files. */
export interface InstancePaths {
  readonly config: string;
  readonly state: string;
  readonly knowledge: string;
  readonly shared: string;
}

/** The environment of an instance, without secrets; variables of the blueprint cannot replace those that identify it. */
export function instanceEnv(plan: Plan, agent: AgentPlan, paths: InstancePaths): Record<string, string> {
  const { redis } = plan.network;
  const { knowledge, volumeBytes } = plan.shared;
  return {
    ...(agent.queue !== undefined && redis?.kind === "address" && { REDIS_URL: redis.url }),
    ...agent.env,
    SWARM_CLUSTER: plan.cluster,
    SWARM_AGENT: agent.key,
    SWARM_ROLE: agent.role,
    SWARM_CONFIG: paths.config,
    SWARM_STATE_DIR: agent.state?.path ?? paths.state,
    ...(tellsHealth(agent) && { SWARM_HEALTH_PORT: String(agentHealth.port) }),
    ...(knowledge.length > 0 && { SWARM_KNOWLEDGE_DIR: paths.knowledge }),
    ...(volumeBytes !== undefined && { SWARM_SHARED_DIR: paths.shared }),
  };
}

/** The variables that make programs use the egress proxy, in both spellings: programs read one or the other. */
export function proxyEnv<Url>(
  plan: Plan,
  url: Url,
): readonly { readonly name: string; readonly value: Url | string }[] {
  const addresses = (plan.network.egress ?? []).flatMap((rule) => (rule.kind === "cidr" ? [rule.cidr] : []));
  // Where the proxy is the only way out, no address is reached directly; the agent API is inside the network.
  const reached =
    targets[plan.platform.kind].egress?.by === "proxy" ? [agentApi.alias] : [".svc", ".cluster.local", ...addresses];
  const direct = ["localhost", "127.0.0.1", ...reached].join(",");
  return ["HTTPS_PROXY", "HTTP_PROXY", "NO_PROXY"].flatMap((name) => {
    const value = name === "NO_PROXY" ? direct : url;
    return [name, name.toLowerCase()].map((spelling) => ({ name: spelling, value }));
  });
}

/** Where the built-in agent answers health probes. */
export const agentHealth = { port: 7701, path: "/healthz" } as const;

/** Another image or command has no known probe: it counts as healthy while it runs. */
export function tellsHealth({ image, command }: AgentPlan): boolean {
  return image.builtin && command === undefined;
}
