import type { V1ContainerStatus, V1Pod } from "@kubernetes/client-node";
import type { InstanceState } from "../../agent-api/instance-state.ts";
import type { InstanceStatus } from "../../agent-api/status.ts";

/** What the kubelet says when a container waits for nothing but time. */
const onTheWay = new Set(["ContainerCreating", "PodInitializing"]);

/** A pod as an instance, as far as the control plane knows it. `container` is the name of the agent's. */
export function podStatus({ metadata, spec, status }: V1Pod, container: string): InstanceStatus {
  const found = status?.containerStatuses?.find(({ name }) => name === container);
  const startedAt = found?.state?.running?.startedAt ?? found?.lastState?.terminated?.startedAt;
  const reason = reasonOf(status, found);
  return {
    id: metadata?.name ?? "",
    state: metadata?.deletionTimestamp === undefined ? stateOf(status?.phase, found) : "stopping",
    restarts: found?.restartCount ?? 0,
    ...(spec?.nodeName !== undefined && { node: spec.nodeName }),
    ...(startedAt !== undefined && { startedAt: startedAt.toISOString() }),
    ...(reason !== undefined && { reason }),
  };
}

function stateOf(phase: string | undefined, container: V1ContainerStatus | undefined): InstanceState {
  if (phase === "Failed" || phase === "Succeeded") return "stopped";
  const { running, waiting, terminated } = container?.state ?? {};
  if (running !== undefined) return container?.started === false ? "starting" : "running";
  if (terminated !== undefined || waiting?.reason === "CrashLoopBackOff") return "backing-off";
  return waiting?.reason === undefined || onTheWay.has(waiting.reason) ? "starting" : "failed";
}

/** Why it does not run. */
function reasonOf(status: V1Pod["status"], container: V1ContainerStatus | undefined): string | undefined {
  if (container?.state?.running !== undefined) return undefined;
  const { waiting, terminated } = container?.state ?? {};
  const ended = terminated ?? container?.lastState?.terminated;
  if (ended !== undefined) {
    return ended.signal ? `ended by signal ${ended.signal}` : `ended with exit code ${ended.exitCode}`;
  }
  if (waiting?.reason !== undefined && !onTheWay.has(waiting.reason)) {
    return [waiting.reason, waiting.message].filter((part) => part !== undefined).join(": ");
  }
  const scheduled = status?.conditions?.find(({ type }) => type === "PodScheduled");
  return scheduled?.status === "False" ? scheduled.message : undefined;
}
