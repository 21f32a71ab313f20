import { HorizontalPodAutoscaler } from "@pulumi/kubernetes/autoscaling/v2/index.js";
import type { autoscaling } from "@pulumi/kubernetes/types/input.js";
import type * as pulumi from "@pulumi/pulumi";
import type { AgentPlan, ScalingPlan } from "../../plan/plan.ts";
import { agentSelector, inNamespace } from "./labels.ts";
import type { KubernetesScope } from "./scope.ts";

export type Autoscaled = Extract<ScalingPlan, { kind: "hpa" | "keda" }>;

export interface ScaleTarget {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: pulumi.Input<string>;
}

/** Custom metrics, as our service exports them to the metrics APIs. */
const metricNames = {
  responseTime: "swarmstack_response_time_seconds",
  queueLength: "swarmstack_task_queue_length",
} as const;

/** KEDA refuses a workload that an HPA has; when the owner becomes KEDA, both are there until the update ends. */
const handOver = { "validations.keda.sh/hpa-ownership": "false" } as const;

/**
 * A HorizontalPodAutoscaler v2. It holds its metrics at scale_up_threshold and goes down by the same arithmetic, so
 * scale_down_threshold has no place in it; the cool-down is its window for going down.
 */
export function createHpa(
  scope: KubernetesScope,
  agent: AgentPlan,
  scaling: Autoscaled,
  scaleTargetRef: ScaleTarget,
): HorizontalPodAutoscaler {
  const { min, max } = agent.count;
  return new HorizontalPodAutoscaler(
    agent.resource,
    {
      metadata: { ...inNamespace(scope, agent.resource), annotations: handOver },
      spec: {
        scaleTargetRef,
        minReplicas: min,
        maxReplicas: max,
        metrics: scaling.signals.map((signal) => metric(scope, agent, signal)),
        behavior: scope.autoscalersPaused.apply((paused) => (paused ? standstill : behavior(scaling))),
      },
    },
    scope.options,
  );
}

/** An HPA has no switch; one that may go neither way writes nothing. */
const standstill = { scaleUp: { selectPolicy: "Disabled" }, scaleDown: { selectPolicy: "Disabled" } };

export function behavior({ cooldownMs }: Autoscaled) {
  // The API server takes at most an hour.
  const stabilizationWindowSeconds = Math.min(3600, Math.ceil(cooldownMs / 1000));
  return { scaleUp: { stabilizationWindowSeconds: 0 }, scaleDown: { stabilizationWindowSeconds } };
}

function metric(
  { plan }: KubernetesScope,
  agent: AgentPlan,
  { trigger, scaleUpThreshold }: Autoscaled["signals"][number],
): autoscaling.v2.MetricSpec {
  switch (trigger) {
    case "cpu-utilization": {
      const target = { type: "Utilization", averageUtilization: Math.round(scaleUpThreshold) };
      return { type: "Resource", resource: { name: "cpu", target } };
    }
    case "pods-metric": {
      // The threshold is in milliseconds, the metric in seconds: 5000 of them are the quantity 5000m.
      const target = { type: "AverageValue", averageValue: `${Math.round(scaleUpThreshold)}m` };
      return { type: "Pods", pods: { metric: { name: metricNames.responseTime }, target } };
    }
    case "external-metric": {
      const selector = { matchLabels: agentSelector(plan, agent) };
      const target = { type: "AverageValue", averageValue: String(scaleUpThreshold) };
      return { type: "External", external: { metric: { name: metricNames.queueLength, selector }, target } };
    }
    default:
      throw new TypeError(`an HPA has no trigger ${trigger}`);
  }
}
