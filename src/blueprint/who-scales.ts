import type { ScalingMetric, ScalingOwner } from "./model.ts";

/** What the compiler emits for a signal. */
export type Trigger =
  /** Our service decides, and writes the count. */
  | "decide"
  /** HPA metric of type Resource: cpu, as a share of the request. */
  | "cpu-utilization"
  /** HPA metric of type Pods, from the custom metrics API. */
  | "pods-metric"
  /** HPA metric of type External. */
  | "external-metric"
  /** KEDA trigger redis-streams. */
  | "redis-streams"
  /** KEDA trigger external: our service serves its decision by gRPC. */
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
      /** Trigger of an agent that takes its tasks from no queue, where it is another one. */
      readonly withoutQueue?: Trigger;
      /** The least count that the owner keeps running. */
      readonly least: 0 | 1;
      /** What must be installed or running. */
      readonly needs: readonly Need[];
    }
  | { readonly can: false; readonly reason: string };

/**
 * Who can scale by what: the one table that the compiler and the diagnostics use.
 *
 * The API server refuses a HorizontalPodAutoscaler with a minimum of 0 (HPAScaleToZero is not on by default); an HPA takes
 * the largest wish of its metrics, so a metric that only lowers has no place in it, and it evaluates no queries.
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
      reason: "an HPA takes the largest wish of its metrics, and idle agents only ask for fewer",
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
