import type { InstanceStatus } from "../../../agent-api/status.ts";
import type { AgentStatus } from "../../../drivers/driver.ts";
import type { LiveInstances } from "../../observation.ts";

/** Instances that are to stay: those that stop or retire are no supply. */
export function stayingInstances(agent: Pick<AgentStatus, "instances"> | undefined): readonly InstanceStatus[] {
  return (agent?.instances ?? []).filter(
    ({ state, retiring }) => state !== "stopping" && state !== "stopped" && retiring !== true,
  );
}

/**
 * Counts instances by state. What is desired and not there is starting; an instance that runs and says nothing of itself may be
 * working, so it is busy.
 *
 * @param desired the count that the target has been told; undefined: that of its instances, where each is a resource
 */
export function liveOf(staying: readonly InstanceStatus[], desired: number | undefined): LiveInstances {
  const counts = { starting: 0, idle: 0, busy: 0, failed: 0, drained: 0 };
  for (const instance of staying) counts[stateOf(instance)]++;
  const { starting, idle, busy, failed } = counts;
  const missing = Math.max(0, (desired ?? 0) - staying.length);
  return { desired: desired ?? staying.length, starting: starting + missing, idle, busy, failed };
}

function stateOf({ state, health, tasks }: InstanceStatus): "starting" | "idle" | "busy" | "failed" | "drained" {
  if (state === "failed" || state === "backing-off") return "failed";
  switch (health) {
    case "unresponsive":
      return "failed";
    case "idle":
      return (tasks?.length ?? 0) > 0 ? "busy" : "idle";
    case "starting":
    case "failed":
    case "drained":
    case "busy":
      return health;
    case undefined:
      return state === "starting" ? "starting" : "busy";
    default:
      return health satisfies never;
  }
}
