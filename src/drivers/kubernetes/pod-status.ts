import type { InstanceState } from "../../agent-api/instance-state.ts";
import type { InstanceStatus } from "../../agent-api/status.ts";
import type { ContainerStatus, Pod } from "../../control-plane/pods.ts";

/** Waiting reasons of the kubelet during a normal start. */
const onTheWay = new Set(["ContainerCreating", "PodInitializing"]);

/**
 * Status of a pod as an instance, from the control plane.
 * @param container name of the agent's container.
 */
export function podStatus({ metadata, spec, status }: Pod, container: string): InstanceStatus {
  const found = status.containerStatuses.find(({ name }) => name === container);
  const startedAt = found?.state.running?.startedAt ?? found?.lastState.terminated?.startedAt;
  const reason = reasonOf(status, found);
  return {
    id: metadata.name,
    state: metadata.deletionTimestamp === undefined ? stateOf(status.phase, found) : "stopping",
    restarts: found?.restartCount ?? 0,
    ...(spec.nodeName !== undefined && { node: spec.nodeName }),
    ...(startedAt != null && { startedAt: new Date(startedAt).toISOString() }),
    ...(reason !== undefined && { reason }),
  };
}

function stateOf(phase: string | undefined, container: ContainerStatus | undefined): InstanceState {
  if (phase === "Failed" || phase === "Succeeded") return "stopped";
  const { running, waiting, terminated } = container?.state ?? {};
  if (running !== undefined) return container?.started === false ? "starting" : "running";
  if (terminated !== undefined || waiting?.reason === "CrashLoopBackOff") return "backing-off";
  return waiting?.reason === undefined || onTheWay.has(waiting.reason) ? "starting" : "failed";
}

/** Why a pod is not running. */
function reasonOf(status: Pod["status"], container: ContainerStatus | undefined): string | undefined {
  if (container?.state.running !== undefined) return undefined;
  const { waiting, terminated } = container?.state ?? {};
  const ended = terminated ?? container?.lastState.terminated;
  if (ended !== undefined) {
    return ended.signal ? `ended by signal ${ended.signal}` : `ended with exit code ${ended.exitCode}`;
  }
  if (waiting?.reason !== undefined && !onTheWay.has(waiting.reason)) {
    return [waiting.reason, waiting.message].filter((part) => part !== undefined).join(": ");
  }
  const scheduled = status.conditions.find(({ type }) => type === "PodScheduled");
  return scheduled?.status === "False" ? scheduled.message : undefined;
}
