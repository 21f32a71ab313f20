import type { core } from "@pulumi/kubernetes/types/input.js";
import type * as pulumi from "@pulumi/pulumi";
import type { AgentPlan } from "../../plan/plan.ts";
import { instanceEnv, proxyEnv } from "../instance-env.ts";
import type { AgentParts } from "./agent-parts.ts";
import type { KubernetesScope } from "./scope.ts";

/** Paths in a pod. */
export const paths = {
  config: "/etc/swarmstack/agent",
  knowledge: "/etc/swarmstack/knowledge",
  token: "/var/run/secrets/swarmstack",
  state: "/var/lib/swarmstack/state",
  shared: "/var/lib/swarmstack/shared",
  tmp: "/tmp",
} as const;

/** The variables of an agent's container, sorted. */
export function environmentOf(
  { plan, cluster }: Pick<KubernetesScope, "plan" | "cluster">,
  agent: AgentPlan,
  { secrets, api, proxy }: AgentParts,
): core.v1.EnvVar[] {
  const told: Record<string, pulumi.Input<string>> = {
    ...instanceEnv(plan, agent, { ...paths, config: `${paths.config}/config.json` }),
    SWARM_CLUSTER: cluster,
    SWARM_API: api,
    SWARM_TOKEN_FILE: `${paths.token}/token`,
  };
  const throughProxy = proxy === undefined ? [] : proxyEnv(plan, proxy);
  const variables = [
    // The API server leaves out a value that is empty.
    ...Object.entries(told).map(([name, value]) => (value === "" ? { name } : { name, value })),
    ...throughProxy.filter(({ name }) => !Object.hasOwn(told, name)),
    ...secrets.variables(agent),
    { name: "SWARM_INSTANCE", valueFrom: { fieldRef: { fieldPath: "metadata.name" } } },
  ];
  return variables.sort((a, b) => (a.name < b.name ? -1 : 1));
}
