import type { core } from "@pulumi/kubernetes/types/input.js";
import type { AgentPlan, Plan } from "../../plan/plan.ts";
import { agentHealth, tellsHealth } from "../instance-env.ts";
import type { AgentParts } from "./agent-parts.ts";
import { environmentOf, paths } from "./environment.ts";
import { placement } from "./gpu-placement.ts";
import { agentLabels, agentSelector } from "./labels.ts";
import { quantity } from "./quantity.ts";
import { rulesOf } from "./rbac.ts";
import type { KubernetesScope } from "./scope.ts";
import { agentUser, containerSecurity, podSecurity } from "./security.ts";
import { volumesOf } from "./volumes.ts";

/** The template of an agent's pods, the same for all kinds of workload. */
export function podTemplate(scope: KubernetesScope, agent: AgentPlan, parts: AgentParts): core.v1.PodTemplateSpec {
  const { plan } = scope;
  const { volumes, mounts } = volumesOf(agent, parts);
  const account = parts.accounts[agent.role];
  const priority = parts.priorities[agent.role];
  const { cpuMillis, memoryBytes, gpu } = agent.resources;
  const gpus = gpu === undefined ? {} : { [gpu.resource]: quantity(gpu.count) };
  const memory = quantity(memoryBytes);
  return {
    metadata: { labels: agentLabels(plan, agent), annotations: checksums(agent, parts) },
    spec: {
      ...(account !== undefined && { serviceAccountName: account }),
      // Only a role with permissions gets a token for the control plane.
      automountServiceAccountToken: rulesOf[agent.role].length > 0,
      ...(priority !== undefined && { priorityClassName: priority }),
      enableServiceLinks: false,
      securityContext: podSecurity(agentUser),
      terminationGracePeriodSeconds: Math.ceil(agent.stopTimeoutMs / 1000),
      ...spread(plan, agent),
      ...placement(plan, agent),
      containers: [
        {
          name: "agent",
          image: agent.image.name,
          ...(agent.command !== undefined && { command: [...agent.command] }),
          env: environmentOf(scope, agent, parts),
          resources: { requests: { cpu: quantity(cpuMillis / 1000), memory, ...gpus }, limits: { memory, ...gpus } },
          ...(tellsHealth(agent) && healthProbes()),
          securityContext: containerSecurity,
          volumeMounts: [...mounts, { name: "tmp", mountPath: paths.tmp }],
        },
      ],
      volumes: [...volumes, { name: "tmp", emptyDir: {} }],
    },
  };
}

function checksums(agent: AgentPlan, { configs, knowledge, secrets }: AgentParts) {
  const secret = secrets.checksum(agent);
  const bundles = Object.entries(knowledge).map(([folder, { checksum }]) => [
    `swarmstack.dev/knowledge-${folder}`.slice(0, 76),
    checksum,
  ]);
  return {
    "swarmstack.dev/config-hash": configs[agent.key]?.checksum ?? "",
    ...Object.fromEntries(bundles),
    ...(secret !== undefined && { "swarmstack.dev/secrets-hash": secret }),
  };
}

const periodSeconds = 10;

/** Probes of the built-in agent by HTTP: no process starts in the container, and the kubelet connects from its own node. */
function healthProbes() {
  const probe = { httpGet: { ...agentHealth }, timeoutSeconds: 5 };
  return {
    startupProbe: { ...probe, periodSeconds: 1, failureThreshold: 120 },
    readinessProbe: { ...probe, periodSeconds },
    livenessProbe: { ...probe, periodSeconds, failureThreshold: 6 },
  };
}

/**
 * Instances of an agent prefer different zones and nodes. Karpenter treats even a preference as a
 * requirement and would buy a GPU node for each of them: on nodes that it buys, they fill one before it buys the next.
 */
function spread(plan: Plan, agent: AgentPlan): Pick<core.v1.PodSpec, "topologySpreadConstraints"> {
  const pool = plan.gpuPools.find(({ name }) => name === agent.resources.gpu?.pool);
  if (pool?.provisioning === "karpenter") return {};
  const topologySpreadConstraints = ["topology.kubernetes.io/zone", "kubernetes.io/hostname"].map((topologyKey) => ({
    maxSkew: 1,
    topologyKey,
    whenUnsatisfiable: "ScheduleAnyway",
    labelSelector: { matchLabels: agentSelector(plan, agent) },
  }));
  return { topologySpreadConstraints };
}
