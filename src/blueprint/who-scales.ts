import type { ScalingMetric, ScalingOwner } from "./model.ts";

/** The output of the compiler for a signal. */
export type Trigger =
  /** The service decides, and writes the count. */
  | "decide"
  /** HPA metric of type Resource: cpu, as a share of the request. */
  | "cpu-utilization"
  /** HPA metric of type Pods, from the custom metrics API. */
  | "pods-metric"
  /** HPA metric of type External. */
  | "external-metric"
  /** KEDA trigger redis-streams. */
  | "redis-streams"
  /** KEDA trigger external: the service serves its decision over gRPC. */
  | "external-scaler"
  /** KEDA trigger prometheus. */
  | "prometheus";

export type Need =
  | "prometheus"
  | "metrics-server"
  | "custom-metrics-api"
  | "external-metrics-api"
  | "keda"
  | "scaling-service";

export type Way =
  | {
      readonly can: true;
      readonly trigger: Trigger;
      /** Trigger for an agent without a queue, if it differs. */
      readonly withoutQueue?: Trigger;
      /** Minimum count that the owner keeps running. */
      readonly least: 0 | 1;
      /** Required components. */
      readonly needs: readonly Need[];
    }
  | { readonly can: false; readonly reason: string };

/**
 * Which owner can scale by which metric: the table for the compiler and the diagnostics. The API server refuses a
 * HorizontalPodAutoscaler with a minimum of 0 (HPAScaleToZero is off by default); an HPA uses the maximum over its
 * metrics, so a metric that only lowers the count has no effect, and it evaluates no queries.
 */
export const whoScales: Readonly<Record<ScalingOwner, Readonly<Record<ScalingMetric, Way>>>> = {
  swarmstack: {
    task_queue_length: { can: true, trigger: "decide", least: 0, needs: ["scaling-service"] },
    load_percentage: { can: true, trigger: "decide", least: 0, needs: ["scaling-service"] },
    avg_response_time: { can: true, trigger: "decide", least: 0, needs: ["scaling-service"] },
    idle_agents: { can: true, trigger: "decide", least: 0, needs: ["scaling-service"] },
    expression: { can: true, trigger: "decide", least: 0, needs: ["scaling-service", "prometheus"] },
  },
  hpa: {
    task_queue_length: { can: true, trigger: "external-metric", least: 1, needs: ["external-metrics-api"] },
    load_percentage: { can: true, trigger: "cpu-utilization", least: 1, needs: ["metrics-server"] },
    avg_response_time: { can: true, trigger: "pods-metric", least: 1, needs: ["custom-metrics-api"] },
    idle_agents: {
      can: false,
      reason: "an HPA uses the maximum over its metrics, and idle agents only lower the count",
    },
    expression: { can: false, reason: "an HPA evaluates no queries" },
  },
  keda: {
    task_queue_length: {
      can: true,
      trigger: "redis-streams",
      withoutQueue: "external-scaler",
      least: 0,
      needs: ["keda"],
    },
    load_percentage: { can: true, trigger: "external-scaler", least: 0, needs: ["keda", "scaling-service"] },
    avg_response_time: { can: true, trigger: "external-scaler", least: 0, needs: ["keda", "scaling-service"] },
    idle_agents: { can: true, trigger: "external-scaler", least: 0, needs: ["keda", "scaling-service"] },
    expression: { can: true, trigger: "prometheus", least: 0, needs: ["keda", "prometheus"] },
  },
};

/** The owners that can scale by a metric. */
export function ownersFor(metric: ScalingMetric): readonly string[] {
  return Object.entries(whoScales).flatMap(([owner, ways]) => (ways[metric].can ? [owner] : []));
}
