import { isIP } from "node:net";
import { CustomResource } from "@pulumi/kubernetes/apiextensions/index.js";
import * as pulumi from "@pulumi/pulumi";
import type { AgentPlan } from "../../plan/plan.ts";
import { type Autoscaled, behavior, type ScaleTarget } from "./hpa.ts";
import { inNamespace } from "./labels.ts";
import type { KubernetesScope } from "./scope.ts";
import { readiness } from "./wait-for.ts";

interface Trigger {
  readonly type: string;
  readonly metadata: Readonly<Record<string, string>>;
}

/** Default addresses of the services that KEDA queries. */
const services = {
  prometheus: "http://prometheus-operated.monitoring.svc.cluster.local:9090",
  scaler: "swarmstack-scaler.swarmstack.svc.cluster.local:9443",
};

/** Annotations of KEDA: pause at the current count, or at a given one. */
const standstill: Record<string, string> = { "autoscaling.keda.sh/paused": "true" };
const atZero: Record<string, string> = { "autoscaling.keda.sh/paused-replicas": "0" };

/** A ScaledObject of KEDA: it scales between 0 and 1 itself, and from 1 up through an HPA that it creates. */
export function createScaledObject(
  scope: KubernetesScope,
  agent: AgentPlan,
  scaling: Autoscaled,
  scaleTargetRef: ScaleTarget,
): CustomResource {
  const { min, max } = agent.count;
  const annotations = pulumi
    .all([scope.autoscalersPaused, scope.asleep])
    .apply(([paused, asleep]) => ({ ...(paused ? standstill : readiness), ...(asleep && atZero) }));
  return new CustomResource(
    agent.resource,
    {
      apiVersion: "keda.sh/v1alpha1",
      kind: "ScaledObject",
      metadata: { ...inNamespace(scope, agent.resource), annotations },
      spec: {
        scaleTargetRef,
        minReplicaCount: min,
        maxReplicaCount: max,
        pollingInterval: 10,
        cooldownPeriod: Math.ceil(scaling.cooldownMs / 1000),
        triggers: scaling.signals.flatMap((signal) => triggers(scope, agent, signal)),
        advanced: { horizontalPodAutoscalerConfig: { behavior: behavior(scaling) } },
      },
    },
    scope.options,
  );
}

function triggers(
  { plan }: KubernetesScope,
  agent: AgentPlan,
  signal: Autoscaled["signals"][number],
): readonly Trigger[] {
  const up = String(signal.scaleUpThreshold);
  const down = String(signal.scaleDownThreshold);
  switch (signal.trigger) {
    case "redis-streams":
      return redisStreams(scope(plan.network.redis), agent.queue, up, down);
    case "prometheus":
      return [
        {
          type: "prometheus",
          metadata: {
            serverAddress: services.prometheus,
            query: signal.expression ?? "",
            threshold: up,
            activationThreshold: down,
            ignoreNullValues: "false",
          },
        },
      ];
    case "external-scaler":
      return [
        {
          type: "external",
          metadata: {
            scalerAddress: services.scaler,
            cluster: plan.cluster,
            agent: agent.key,
            metric: signal.metric,
            scaleUpThreshold: up,
            scaleDownThreshold: down,
          },
        },
      ];
    default:
      throw new TypeError(`KEDA has no trigger ${signal.trigger}`);
  }

  function scope(redis: typeof plan.network.redis) {
    if (redis?.kind !== "address") throw new TypeError("the plan has no address of Redis");
    return redis;
  }
}

/**
 * Two triggers, of which the HPA follows the larger: tasks that wait (they alone scale from 0), and tasks that agents
 * hold. With the first alone a working agent would look idle and be stopped.
 */
function redisStreams(
  { host, port, tls }: { host: string; port: number; tls: boolean },
  queue: AgentPlan["queue"],
  up: string,
  down: string,
): readonly Trigger[] {
  if (queue === undefined) throw new TypeError("the agent has no queue");
  const common = {
    address: `${isIP(host) === 6 ? `[${host}]` : host}:${port}`,
    stream: queue.stream,
    consumerGroup: queue.group,
    enableTLS: String(tls),
  };
  return [
    { type: "redis-streams", metadata: { ...common, lagCount: up, activationLagCount: down } },
    { type: "redis-streams", metadata: { ...common, pendingEntriesCount: up } },
  ];
}
