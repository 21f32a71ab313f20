import type { ScalingMetric } from "./model.ts";
import { parseDuration } from "./notation/duration.ts";

/** Notation and default thresholds of a metric. */
interface MetricUnit {
  readonly unit: "tasks" | "percent" | "milliseconds" | "number";
  readonly expected: string;
  readonly up: number | undefined;
  /** The default for a given scale_up_threshold. */
  readonly down: (up: number) => number;
}

/** Defaults of the original: queue 5 and 0, load 80 % and 20 %, responses 5 s, half of the agents idle. */
export const metricUnits: Readonly<Record<ScalingMetric, MetricUnit>> = {
  task_queue_length: { unit: "tasks", expected: "a number of tasks from 0 to 1000000000", up: 5, down: () => 0 },
  load_percentage: { unit: "percent", expected: "a percentage from 0 to 100", up: 80, down: (up) => up / 4 },
  avg_response_time: {
    unit: "milliseconds",
    expected: 'a duration such as "5 seconds"',
    up: 5000,
    down: (up) => up / 5,
  },
  idle_agents: { unit: "percent", expected: "a percentage from 0 to 100", up: 0, down: () => 50 },
  expression: { unit: "number", expected: "a number", up: undefined, down: (up) => up / 2 },
};

/** More tasks than a queue holds; a larger number has no digits left in the quantities of Kubernetes. */
const mostTasks = 1e9;

/** A threshold in the unit of its metric (durations in milliseconds), or undefined if it is invalid. */
export function readThreshold(metric: ScalingMetric, written: number | string): number | undefined {
  const { unit } = metricUnits[metric];
  if (unit === "milliseconds") {
    const parsed = parseDuration(written);
    return parsed.ok ? parsed.value : undefined;
  }
  const value = unit === "percent" ? percent(written) : written;
  if (typeof value !== "number" || !Number.isFinite(value)) return undefined;
  if (unit === "percent" && (value < 0 || value > 100)) return undefined;
  return unit === "tasks" && (value < 0 || value > mostTasks) ? undefined : value;
}

function percent(written: number | string): number | string {
  const match = typeof written === "string" ? /^(\d+(?:\.\d+)?)\s*%$/.exec(written.trim()) : null;
  return match === null ? written : Number(match[1]);
}
