import { HorizontalPodAutoscaler } from "@pulumi/kubernetes/autoscaling/v2/index.js";
import type { autoscaling } from "@pulumi/kubernetes/types/input.js";
import type * as pulumi from "@pulumi/pulumi";
import type { AgentPlan, ScalingPlan } from "../../plan/plan.ts";
import { agentSelector, inNamespace } from "./labels.ts";
import { quantity } from "./quantity.ts";
import type { KubernetesScope } from "./scope.ts";

export type Autoscaled = Extract<ScalingPlan, { kind: "hpa" | "keda" }>;

export interface ScaleTarget {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: pulumi.Input<string>;
}

/** Custom metrics of the metrics APIs. */
const metricNames = {
  responseTime: "swarmstack_response_time_seconds",
  queueLength: "swarmstack_task_queue_length",
} as const;

/** KEDA refuses a workload that an HPA scales; when the owner changes to KEDA, both exist until the update ends. */
const handOver = { "validations.keda.sh/hpa-ownership": "false" } as const;

/**
 * A HorizontalPodAutoscaler v2. It keeps its metrics at scale_up_threshold and scales in by the same formula, so
 * scale_down_threshold is not used; the cool-down is its stabilization window for scale-in.
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

/** An HPA cannot be suspended; with both directions disabled it writes no count. */
const standstill = { scaleUp: { selectPolicy: "Disabled" }, scaleDown: { selectPolicy: "Disabled" } };

export function behavior({ cooldownMs }: Autoscaled) {
  // The API server accepts at most an hour.
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
      // The threshold is in milliseconds, the metric in seconds.
      const target = { type: "AverageValue", averageValue: quantity(Math.round(scaleUpThreshold) / 1000) };
      return { type: "Pods", pods: { metric: { name: metricNames.responseTime }, target } };
    }
    case "external-metric": {
      const selector = { matchLabels: agentSelector(plan, agent) };
      const target = { type: "AverageValue", averageValue: quantity(scaleUpThreshold) };
      return { type: "External", external: { metric: { name: metricNames.queueLength, selector }, target } };
    }
    default:
      throw new TypeError(`an HPA has no trigger ${trigger}`);
  }
}
