import type { InstanceStatus } from "../../../agent-api/status.ts";
import { type Signal, signalOf, unknown } from "../../signal.ts";

/**
 * Mean response time of the last minute in milliseconds, over the tasks of all instances. Zero only where every instance says that
 * it has had no task and has none.
 */
export function averageResponseTime(staying: readonly InstanceStatus[], desired: number): Signal {
  if (desired === 0 && staying.length === 0) return { kind: "value", value: 0 };
  const silent = staying.filter(({ health }) => health === "unresponsive");
  const heard = staying.filter(({ health }) => health !== "unresponsive");
  const reports = heard.flatMap(({ responseMs, tasksPerMinute = 1 }) =>
    responseMs === undefined ? [] : [{ responseMs, tasks: Math.max(tasksPerMinute, 1) }],
  );
  const tasks = reports.reduce((sum, report) => sum + report.tasks, 0);
  if (tasks === 0) {
    const isQuiet = heard.every(({ health, tasksPerMinute }) => tasksPerMinute === 0 && health === "idle");
    if (isQuiet && heard.length > 0 && silent.length === 0) return { kind: "value", value: 0 };
    return unknown(`none of ${Math.max(desired, staying.length)} instances says how long a task takes`);
  }
  const sum = reports.reduce((total, report) => total + report.responseMs * report.tasks, 0);
  const mean = signalOf(sum / tasks, "the response time");
  if (mean.kind !== "value" || silent.length === 0) return mean;
  return { ...mean, kind: "stale", ageMs: Math.max(...silent.map(({ silentMs = 0 }) => silentMs)) };
}
